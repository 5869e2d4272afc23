//! A plan of one patrol with one stop.

use crate::base::day::Week;
use crate::tables::{Patrol, PatrolPlan, PatrolPlans, PatrolStop};

pub(super) fn sample() -> PatrolPlans {
    let week = Week(2606);
    let stop = PatrolStop {
        place: "SYNTHETIC village".to_owned(),
        mgrs: "33NYH5988".to_owned(),
        lat_deg: 7.1,
        lon_deg: 17.3,
        zone_id: None,
        zone_rank: None,
        arrive: "09:10".to_owned(),
        leave: "11:10".to_owned(),
        window: "market day".to_owned(),
        note: String::new(),
    };
    let patrol = Patrol {
        number: 1,
        base: "SYNTHETIC base".to_owned(),
        base_mgrs: "33NYH4070".to_owned(),
        day: week.first_day(),
        depart: "08:00".to_owned(),
        back: "12:20".to_owned(),
        hours: 4.3,
        distance_km: 54.0,
        team: "mixed".to_owned(),
        explores: false,
        stops: vec![stop],
        text: "one stop".to_owned(),
    };
    let plan = PatrolPlan {
        purpose: "protect".to_owned(),
        sector: "SYNTHETIC sector".to_owned(),
        patrols_had: 1,
        covered: 0.3,
        covered_band: [0.2, 0.4],
        covered_at_most: 0.3,
        covered_exact: None,
        price_of_chance: 0.0,
        patrols: vec![patrol],
        uncovered: Vec::new(),
    };
    PatrolPlans {
        first_day: Some(week.first_day()),
        last_day: Some(week.last_day()),
        entropy_floor_bits: 2.0,
        plans: vec![plan],
        notes: Vec::new(),
    }
}
