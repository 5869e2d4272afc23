//! Movable seasons: when each began or will, how sure that is, and what tells it.

use forewarn_models::season::{Onset, OnsetPrior};
use serde::Serialize;

use crate::base::code::{ActorClass, Anchor};
use crate::base::day::Day;

/// What was used to see a season's first day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OnsetSign {
    /// What it is.
    pub anchor: Anchor,
    /// What it says, in words.
    pub text: String,
    /// Days from the newest figure behind it to the as-of date.
    pub data_age_days: i32,
}

/// One season of one year, of a whole mission or of one corridor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeasonPhase {
    /// Name of the season on its card.
    pub season: String,
    /// What moves with it: herds, food, access ...
    pub driver: String,
    /// Compass point that the movement heads for, where it has one.
    pub direction: Option<&'static str>,
    /// The corridor or crossing; none for the whole mission.
    pub corridor: Option<String>,
    /// The class of armed actor that it is about, where it is about one.
    pub actor_class: Option<ActorClass>,
    /// Year in which it usually begins.
    pub year: i16,
    /// What its first day is seen by, where there are data.
    pub anchor: Anchor,
    /// Usual first day: of the card, and of the past seasons seen.
    pub usual_day: Day,
    /// Standard deviation of the usual first day between years.
    pub usual_sd_days: f64,
    /// Past seasons behind it.
    pub seasons_behind: usize,
    /// Expected first day given all that was known on the as-of date.
    pub onset_day: Day,
    /// Its standard deviation.
    pub onset_sd_days: f64,
    /// 5 % quantile of the first day.
    pub onset_lo: Day,
    /// 95 % quantile of the first day.
    pub onset_hi: Day,
    /// Whether its first day was seen.
    pub is_seen: bool,
    /// Probability that it had begun on the as-of date.
    pub begun: f64,
    /// Probability that it had begun and was not over.
    pub on: f64,
    /// How long it lasts.
    pub length_days: u16,
    /// When most passes, where past counts tell it.
    pub peak_day: Option<Day>,
    /// What its first day was told by; nothing where the usual date is all there is.
    pub signs: Vec<OnsetSign>,
    /// All this in one sentence.
    pub words: String,
    /// First and last day of the year around it.
    #[serde(skip)]
    pub window: (Day, Day),
    /// What was thought before anything of this year was seen, in days since 1970.
    #[serde(skip)]
    pub prior: OnsetPrior,
    /// The posterior of its first day, in days since 1970.
    #[serde(skip)]
    pub onset: Onset,
}

impl SeasonPhase {
    /// Whether it has begun, or when it is expected to, with its 90 % interval.
    #[must_use]
    pub fn brief(&self) -> String {
        let Self {
            season,
            onset_day,
            onset_lo,
            onset_hi,
            ..
        } = self;
        let on = self.corridor.as_ref();
        let on = on.map_or(String::new(), |name| format!(" on {name}"));
        let what = if self.is_seen {
            "began"
        } else if self.signs.is_empty() {
            "by its usual date"
        } else {
            "not seen to begin, expected"
        };
        format!("{season}{on} {what} about {onset_day} ({onset_lo} to {onset_hi})")
    }
}

/// Seasons by name, corridor and year: those of the as-of date and of the years of history before it.
#[derive(Debug, Clone, Default)]
pub struct Phases {
    /// The seasons.
    pub rows: Vec<SeasonPhase>,
}

impl Phases {
    /// The one year of each season that holds a day.
    pub fn on(&self, day: Day) -> impl Iterator<Item = &SeasonPhase> {
        let holds = move |row: &&SeasonPhase| row.window.0 <= day && day <= row.window.1;
        self.rows.iter().filter(holds)
    }

    /// A season on a day: of the corridor where it has its own, else of the mission.
    #[must_use]
    pub fn of(&self, season: &str, corridor: Option<&str>, day: Day) -> Option<&SeasonPhase> {
        let of = |corridor: Option<&str>| {
            self.on(day)
                .find(|row| row.season == season && row.corridor.as_deref() == corridor)
        };
        of(corridor).or_else(|| of(None))
    }
}
