//! The shape of the year in every stratum and actor class, and how busy it makes the weeks of a cell.

use forewarn_models::risk::{FitError, GammaPrior};
use forewarn_models::season::{
    ChoiceError, SeasonChoice, SeasonFitError, SeasonGroup, choose_season, forecast_years,
};

use crate::base::code::ActorClass;
use crate::base::error::{Error, Result};

use super::classes::ClassHistory;
use super::clocks::{Clock, sum_and_doubt};
use super::history::Weeks;
use super::strata::Strata;

/// Most waves tried.
const MOST_HARMONICS: usize = 3;

/// How busy every week is by the season, dimensionless, past weeks 1 on average.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    classes: Vec<OfClass>,
}

#[derive(Debug, Clone)]
struct OfClass {
    /// By stratum and week, averaged over what is not known of the season's first day.
    factors: Vec<Vec<f64>>,
    /// How the factors hang on that day, where they do.
    moving: Option<Moving>,
    /// Share of the class in what is expected of each cell.
    shares: Vec<f64>,
}

/// Factors of a season that has no date.
#[derive(Debug, Clone)]
struct Moving {
    clock: Clock,
    /// By stratum and bin of the phase.
    of_bins: Vec<Vec<f64>>,
}

/// Exposure of every cell over some weeks: km2 x weeks, each as busy as the season makes it, and the
/// variance of that relative to its square where it is not known when the season begins.
pub(super) struct Busy {
    pub(super) exposure: Vec<f64>,
    pub(super) doubt: Vec<f64>,
}

impl Busy {
    /// Mean of a cell's count and the standard deviation of that mean, where the exposure itself is in
    /// doubt, by the law of total variance. What is not known of a cell's level or of the season holds for
    /// all weeks of a span, so that deviations of its parts add up.
    pub(super) fn mean_and_doubt(&self, cell: usize, (mean, variance): (f64, f64)) -> (f64, f64) {
        let beyond = (variance - mean).max(0.0);
        let doubt = beyond + (beyond + mean * mean) * self.doubt[cell];
        (mean, doubt.sqrt())
    }
}

impl Shape {
    /// The waves that forecast the past of each class; a flat year where none does. The phase is that of the
    /// calendar or of a movable season, whichever forecasts better. Where reports follow
    /// the effort, which they do where that forecasts better, the season is that of what effort leaves
    /// over: the season of patrols is not taken for one of incidents.
    ///
    /// # Errors
    /// Where a fit is refused for another reason than too few incidents.
    pub(super) fn harmonic(
        (weeks, clocks): (&Weeks, &[Clock]),
        strata: &Strata,
        area_km2: &[f64],
        (histories, hours): (&[ClassHistory], Option<&[Vec<f64>]>),
        notes: &mut Vec<String>,
    ) -> Result<Self> {
        let year_of: Vec<usize> = (0..weeks.n_past()).map(Weeks::year).collect();
        let mut offsets = vec![None];
        offsets.extend(hours.map(Some));
        let exposures: Vec<Vec<Vec<f64>>> = offsets
            .iter()
            .map(|hours| exposure(strata, weeks.len(), *hours))
            .collect();
        let mut classes = Vec::new();
        for history in histories {
            let mut best: Option<Fit<'_>> = None;
            for (exposure, hours) in exposures.iter().zip(&offsets) {
                for clock in clocks.iter().filter(|clock| clock.is_of(history.class)) {
                    let Some(fit) = Fit::choose(history, exposure, clock, &year_of)? else {
                        continue;
                    };
                    let is_better = |best: &Fit<'_>| fit.score > best.score;
                    if best.as_ref().is_none_or(is_better) {
                        best = Some(Fit {
                            follows: hours.is_some(),
                            ..fit
                        });
                    }
                }
            }
            if let Some(fit) = best {
                notes.push(told(history, &fit));
                classes.push(fit.class(history, weeks.n_past()));
            }
        }
        let mut shape = Self { classes };
        shape.share_out(area_km2)?;
        Ok(shape)
    }

    /// A past too short to forecast from: the year as the card's phases were, all places alike.
    pub(super) fn stepped(weeks: &Weeks, located: &[Vec<f64>]) -> Self {
        let n_phases = weeks.n_phases();
        let (mut counts, mut lengths) = (vec![0.0_f64; n_phases], vec![0.0_f64; n_phases]);
        for (slot, cells) in located.iter().enumerate() {
            counts[slot % n_phases] += cells.iter().sum::<f64>();
        }
        for at in 0..weeks.n_past() {
            lengths[weeks.phase(at)] += 1.0;
        }
        // Half a report keeps a phase without any from being held impossible.
        let rate = |phase: usize| (counts[phase] + 0.5) / lengths[phase].max(1.0);
        let factors = (0..weeks.len()).map(|at| rate(weeks.phase(at))).collect();
        Self {
            classes: vec![OfClass {
                factors: vec![even(factors, weeks.n_past()).0],
                moving: None,
                shares: Vec::new(),
            }],
        }
    }

    /// Levels of each class in every cell, pulled towards the class's own over the mission, as shares
    /// of their sum: a cell with few reports is made of classes as the mission is.
    fn share_out(&mut self, area_km2: &[f64]) -> Result<()> {
        for class in &mut self.classes {
            let total: f64 = class.shares.iter().sum();
            let rate = total / area_km2.iter().sum::<f64>();
            let expected: Vec<f64> = area_km2.iter().map(|km2| rate * km2).collect();
            let prior = match GammaPrior::fit(&class.shares, &expected) {
                Err(FitError::NoCount) => continue,
                fitted => fitted.map_err(Error::statistic("season"))?.prior,
            };
            for (share, expected) in class.shares.iter_mut().zip(&expected) {
                let risk = prior.posterior(*share, *expected);
                *share = rate * risk.map_err(Error::statistic("season"))?.mean();
            }
        }
        for cell in 0..area_km2.len() {
            let sum: f64 = self.classes.iter().map(|class| class.shares[cell]).sum();
            for class in &mut self.classes {
                class.shares[cell] /= sum;
            }
        }
        Ok(())
    }

    /// How busy every cell is over some weeks.
    pub(super) fn busy(&self, strata: &Strata, area_km2: &[f64], weeks: &[usize]) -> Busy {
        let sums: Vec<Vec<(f64, f64)>> =
            self.classes.iter().map(|class| class.sums(weeks)).collect();
        let whole = f64::from(u32::try_from(weeks.len()).unwrap_or(u32::MAX));
        // What classes do not know of one season they do not know together: their deviations add up.
        let of_cell = |cell: usize| -> (f64, f64) {
            let classes = self.classes.iter().zip(&sums);
            let parts = classes.map(|(class, sums)| {
                let of_all = sums.first().copied();
                let sum = sums.get(strata.of_cell[cell]).copied().or(of_all);
                let share = class.shares.get(cell).copied().unwrap_or(1.0);
                let (mean, sd) = sum.unwrap_or((whole, 0.0));
                (share * mean, share * sd)
            });
            parts.fold((0.0, 0.0), |(mean, sd), (m, s)| (mean + m, sd + s))
        };
        let mut busy = Busy {
            exposure: Vec::with_capacity(area_km2.len()),
            doubt: Vec::with_capacity(area_km2.len()),
        };
        for (cell, km2) in area_km2.iter().enumerate() {
            let (mean, sd) = if self.classes.is_empty() {
                (whole, 0.0)
            } else {
                of_cell(cell)
            };
            busy.exposure.push(km2 * mean);
            busy.doubt
                .push(if mean > 0.0 { (sd / mean).powi(2) } else { 0.0 });
        }
        busy
    }
}

impl OfClass {
    /// Sum of the factors over some weeks and its standard deviation, by stratum.
    fn sums(&self, weeks: &[usize]) -> Vec<(f64, f64)> {
        match &self.moving {
            None => {
                let sum = |factors: &Vec<f64>| weeks.iter().map(|&at| factors[at]).sum();
                self.factors.iter().map(|f| (sum(f), 0.0)).collect()
            }
            Some(Moving { clock, of_bins }) => sum_and_doubt(clock, weeks, of_bins),
        }
    }
}

/// Exposure of strata by week: km2, times hours of effort where reports follow it.
fn exposure(strata: &Strata, n_weeks: usize, hours: Option<&[Vec<f64>]>) -> Vec<Vec<f64>> {
    let one = |(stratum, &km2): (usize, &f64)| match hours {
        Some(hours) => hours[stratum].iter().map(|h| km2 * h).collect(),
        None => vec![km2; n_weeks],
    };
    strata.km2.iter().enumerate().map(one).collect()
}

/// What was chosen for one class.
struct Fit<'a> {
    chosen: SeasonChoice,
    clock: &'a Clock,
    /// Whether reports follow the effort.
    follows: bool,
    /// Logarithm of the probability of the past years that were forecast.
    score: Option<f64>,
}

impl<'a> Fit<'a> {
    /// Nothing for a class without incidents.
    fn choose(
        history: &ClassHistory,
        exposure: &[Vec<f64>],
        clock: &'a Clock,
        year_of: &[usize],
    ) -> Result<Option<Self>> {
        let strata = history.of_strata.iter().zip(exposure);
        let groups: Vec<_> = strata
            .map(|(counts, exposure)| SeasonGroup {
                counts,
                exposure: &exposure[..counts.len()],
                phases: &clock.phases,
            })
            .collect();
        let chosen = match choose_season(&groups, year_of, MOST_HARMONICS) {
            Err(ChoiceError::Fit(SeasonFitError::NoEvent)) => return Ok(None),
            chosen => chosen.map_err(Error::statistic("season"))?,
        };
        let scores = forecast_years(&groups, year_of, chosen.fit.harmonics);
        let scores = scores.map_err(Error::statistic("season"))?;
        Ok(Some(Self {
            chosen,
            clock,
            follows: false,
            score: scores.map(|years| years.iter().flatten().sum()),
        }))
    }

    /// At even effort: what more or less of it brings is the reporting stage's to say.
    fn class(&self, history: &ClassHistory, n_past: usize) -> OfClass {
        let fit = &self.chosen.fit;
        let moves = self.clock.moves() && fit.harmonics > 0;
        let (mut factors, mut of_bins) = (Vec::new(), Vec::new());
        for stratum in 0..fit.of_groups.len() {
            let relative = |phases| fit.relative(stratum, phases).unwrap_or_default();
            let (even, mean) = even(relative(&self.clock.phases), n_past);
            factors.push(even);
            if moves {
                let bins = relative(&self.clock.bins);
                of_bins.push(bins.iter().map(|factor| factor / mean).collect());
            }
        }
        OfClass {
            factors,
            moving: moves.then(|| Moving {
                clock: self.clock.clone(),
                of_bins,
            }),
            shares: history.of_cells.clone(),
        }
    }
}

/// Factors divided by their mean over the past, and that mean.
fn even(mut factors: Vec<f64>, n_past: usize) -> (Vec<f64>, f64) {
    let past = factors.iter().take(n_past);
    let n = f64::from(u32::try_from(n_past).unwrap_or(u32::MAX));
    let mean = past.sum::<f64>() / n;
    for factor in &mut factors {
        *factor /= mean;
    }
    (factors, mean)
}

/// What was chosen, in words.
fn told(history: &ClassHistory, fit: &Fit<'_>) -> String {
    let class = history.class.map_or("unknown", ActorClass::name);
    let chosen = &fit.chosen;
    let years = chosen.tried[0].gains.as_ref().map_or(0, Vec::len);
    if years == 0 {
        return format!(
            "season of actor class {class}: too few past years with reports to try one on, a flat year \
             is expected"
        );
    }
    let waves = chosen.fit.harmonics;
    let follows = if fit.follows {
        "; reports follow the effort, whose own season was taken out"
    } else {
        ""
    };
    if waves == 0 {
        return format!(
            "season of actor class {class}: no season of up to {MOST_HARMONICS} waves forecast \
             {years} past years better than a flat year, which is expected{follows}"
        );
    }
    let gain = chosen.tried[waves].gain().unwrap_or(0.0);
    let law = chosen.fit.size.map_or_else(
        || "counts independent".to_owned(),
        |size| format!("counts in bursts, negative binomial size {size:.2}"),
    );
    format!(
        "season of actor class {class}: {waves} waves {}, which forecast {years} past years \
         better than a flat year by {gain:.1} nats; areas depart by {:.2} in the logarithm; {law}{follows}",
        fit.clock.words, chosen.fit.spread
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_as_busy_as_the_classes_it_is_made_of() {
        let class = |factors: [f64; 2], share: f64| OfClass {
            factors: vec![factors.to_vec(), vec![1.0, 1.0]],
            moving: None,
            shares: vec![share, 0.5],
        };
        let shape = Shape {
            classes: vec![class([1.8, 0.2], 0.75), class([0.4, 1.6], 0.25)],
        };
        let strata = Strata {
            of_cell: vec![0, 1],
            km2: vec![100.0, 200.0],
        };
        let exposure = |weeks: &[usize]| shape.busy(&strata, &[100.0, 200.0], weeks).exposure;
        assert_eq!(exposure(&[0]), [100.0 * (0.75 * 1.8 + 0.25 * 0.4), 200.0]);
        let both = exposure(&[0, 1]);
        assert!((both[0] - 200.0).abs() < 1e-9 && (both[1] - 400.0).abs() < 1e-9);
    }
}
