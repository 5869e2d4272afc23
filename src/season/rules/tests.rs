use forewarn_models::season::{Flow, FlowCount};

use super::*;

const AS_OF: Day = Day(20_000);

/// Forty ordinary weeks of about 30 herds when the season is on, and of none when it is not.
fn flow() -> Flow {
    let (on, off) = ([1.0, 0.0], [0.0, 1.0]);
    let count = |shares, count| FlowCount {
        point: 0,
        shares,
        count,
        exposure: 1.0,
    };
    let weeks: Vec<_> = [24.0, 27.0, 30.0, 33.0, 36.0]
        .into_iter()
        .cycle()
        .take(40)
        .flat_map(|herds| [count(&on, herds), count(&off, 0.0)])
        .collect();
    Flow::fit(&weeks, 1, 2, 4.0).unwrap()
}

fn week(week: i32, herds: f64) -> WeekLook {
    WeekLook {
        week,
        herds,
        forecast: flow().forecast(0, &[1.0, 0.0], 1.0).unwrap(),
        on: 1.0,
        well_under_way: 1.0,
        against: Some(0.0),
    }
}

/// A point in the middle of an ordinary season that began 60 days ago, its usual day.
fn ordinary() -> Look {
    let usual = OnsetPrior {
        mean_day: f64::from(AS_OF.0) - 60.0,
        sd_days: 10.0,
        any_day_share: 0.05,
    };
    Look {
        as_of: AS_OF,
        usual,
        usual_onset: Onset::posterior(usual, &[], AS_OF.0 - 180..=AS_OF.0 + 184).unwrap(),
        own_onset: OwnOnset::Seen {
            day: usual.mean_day,
            by_day: usual.mean_day + 3.0,
        },
        is_seen: true,
        weeks: vec![week(10, 28.0), week(11, 31.0)],
        past_against: [0.0; 70].into_iter().chain([0.1; 10]).collect(),
        opposite_on: 0.0,
        weeks_per_year: 26,
    }
}

/// What fires, by name.
fn fired(look: &Look) -> Vec<&'static str> {
    let rules = RULES.iter().filter(|rule| (rule.test)(look).is_some());
    rules.map(|rule| rule.kind.name()).collect()
}

fn found(kind: MovementAlert, look: &Look) -> Finding {
    let rule = RULES.iter().find(|rule| rule.kind == kind).unwrap();
    (rule.test)(look).unwrap()
}

#[test]
fn an_ordinary_week_of_an_ordinary_season_is_no_alert_and_every_kind_has_one_rule() {
    assert!(fired(&ordinary()).is_empty());
    for kind in MovementAlert::ALL {
        let n = RULES.iter().filter(|rule| rule.kind == *kind).count();
        assert_eq!(n, usize::from(*kind != MovementAlert::None), "{kind:?}");
    }
}

#[test]
fn early_is_two_deviations_before_the_usual_day_and_news() {
    let today = f64::from(AS_OF.0);
    // Usual on today + 30, ten days either way.
    let early = |day: f64, by_day: f64| {
        let mut look = ordinary();
        look.usual.mean_day = today + 30.0;
        look.usual_onset =
            Onset::posterior(look.usual, &[], AS_OF.0 - 100..=AS_OF.0 + 264).unwrap();
        look.own_onset = OwnOnset::Seen { day, by_day };
        look
    };
    let look = early(today - 5.0, today - 2.0);
    assert_eq!(fired(&look), ["early"]);
    let finding = found(MovementAlert::Early, &look);
    assert_eq!(finding.expected, (today + 10.0, today + 50.0));
    // One year in twenty follows no rule, and 96 of its 365 days lie before.
    assert!((finding.chance.0 - 0.05 * 96.0 / 365.0).abs() < 2e-3);
    assert!(fired(&early(today + 11.0, today + 12.0)).is_empty());
    assert!(
        fired(&early(today - 60.0, today - 29.0)).is_empty(),
        "no news"
    );
}

#[test]
fn late_is_two_deviations_behind_the_usual_day_without_an_onset() {
    let day = |after: f64| {
        let mut look = ordinary();
        look.is_seen = false;
        look.own_onset = OwnOnset::NotYet {
            day: look.usual.mean_day + after,
        };
        look
    };
    assert_eq!(fired(&day(21.0)), ["late"]);
    assert!(fired(&day(19.0)).is_empty());
    let mut unknown = day(60.0);
    unknown.own_onset = OwnOnset::Unknown;
    assert!(fired(&unknown).is_empty());
}

#[test]
fn massive_is_beyond_what_one_week_in_forty_has_while_the_season_is_on() {
    let of = |herds: f64| {
        let mut look = ordinary();
        look.weeks[1].herds = herds;
        look
    };
    let most = interval(&week(0, 0.0)).unwrap().1;
    assert_eq!(fired(&of(most + 1.0)), ["massive"]);
    assert!(fired(&of(most)).is_empty());
    let finding = found(MovementAlert::Massive, &of(80.0));
    assert!(finding.chance.0 < 1e-3 && finding.chance.1 == 26);
    let mut off = of(80.0);
    off.weeks[1].on = 0.4;
    assert!(fired(&off).is_empty());
}

#[test]
fn missing_needs_two_counted_weeks_in_a_row_in_a_season_that_was_seen() {
    let empty = || {
        let mut look = ordinary();
        look.weeks = vec![week(10, 2.0), week(11, 1.0)];
        look
    };
    assert_eq!(fired(&empty()), ["missing"]);
    let mut one_week = empty();
    one_week.weeks[0].herds = 25.0;
    let mut gap = empty();
    gap.weeks[0].week = 9;
    let mut single = empty();
    single.weeks.remove(0);
    let mut unsure = empty();
    unsure.weeks[1].well_under_way = 0.8;
    let mut not_seen = empty();
    not_seen.is_seen = false;
    for look in [one_week, gap, single, unsure, not_seen] {
        assert!(fired(&look).is_empty(), "{look:?}");
    }
    let mut late = empty();
    late.is_seen = false;
    late.own_onset = OwnOnset::NotYet {
        day: f64::from(AS_OF.0),
    };
    assert_eq!(fired(&late), ["late"], "late is not missing");
}

#[test]
fn wrong_direction_is_a_share_that_past_weeks_have_not_had() {
    let against = |share: f64| {
        let mut look = ordinary();
        look.weeks[1].against = Some(share);
        look
    };
    let look = against(0.4);
    assert_eq!(fired(&look), ["wrong_direction"]);
    let finding = found(MovementAlert::WrongDirection, &look);
    assert_eq!(finding.expected, (0.0, 0.1));
    assert!((finding.chance.0 - 1.0 / 81.0).abs() < 1e-12);
    let mut usual = against(0.4);
    usual.past_against[0] = 0.5;
    usual.past_against[1] = 0.6;
    let mut few = against(0.4);
    few.past_against.truncate(38);
    let mut returning = against(0.4);
    returning.opposite_on = 0.5;
    let mut nothing = against(0.4);
    nothing.weeks[1].against = None;
    for look in [usual, few, returning, nothing, against(0.1), against(0.0)] {
        assert!(fired(&look).is_empty(), "{look:?}");
    }
}
