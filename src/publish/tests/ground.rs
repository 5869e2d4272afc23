//! What lies around the invented cells.

use crate::base::code::{LineKind, PlaceKind};
use crate::base::day::Week;
use crate::tables::{Area, Boundaries, CellSteps, Level, Line, Lines, Place, Places};

pub(super) fn boundaries() -> Boundaries {
    let corners = [(17.0, 6.5), (19.0, 6.5), (19.0, 8.5), (17.0, 8.5)];
    let exterior = corners.to_vec().into();
    Boundaries::new(vec![Area {
        level: Level(1),
        pcode: "CF31".to_owned(),
        name: "Invented".to_owned(),
        iso3: None,
        shape: geo::Polygon::new(exterior, Vec::new()).into(),
    }])
}

pub(super) fn lines() -> Lines {
    let shape = geo::LineString::from(vec![(18.0, 7.0), (18.3, 7.4), (18.6, 7.3)]);
    Lines::new(vec![Line {
        kind: LineKind::Corridor,
        name: Some("West".to_owned()),
        class: None,
        surface: None,
        is_seasonal: None,
        open_months: None,
        direction: None,
        shape: geo::MultiLineString(vec![shape]),
    }])
}

pub(super) fn places() -> Places {
    let place = |name: &str, kind, lat_deg, population| Place {
        name: name.to_owned(),
        kind,
        lat_deg,
        lon_deg: 18.3,
        population,
    };
    Places::new(vec![
        place("Large", PlaceKind::Settlement, 7.2, Some(9000)),
        place("Small", PlaceKind::Settlement, 7.2, None),
        place("Far", PlaceKind::Settlement, 40.0, Some(99_000)),
        place("Camp", PlaceKind::Base, 7.5, Some(99_000)),
    ])
}

/// Twelve steps of four weeks in which one cell in five, another each time, has reports.
pub(super) fn busy_steps(n_cells: usize) -> CellSteps {
    let count = |i: usize| {
        let (cell, step) = (i / 12, i % 12);
        if (cell * 7 + step * step * 3) % 5 == 0 {
            f64::from(u8::try_from((cell + step) % 4).unwrap_or(0) + 1)
        } else {
            0.0
        }
    };
    CellSteps {
        n_steps: 12,
        located: (0..12 * n_cells).map(count).collect(),
        ..steps(n_cells)
    }
}

/// Two steps of four weeks: one report in the first cell, then three in the last.
pub(super) fn steps(n_cells: usize) -> CellSteps {
    let mut located = vec![0.0; 2 * n_cells];
    located[0] = 1.0;
    located[2 * n_cells - 1] = 3.0;
    CellSteps {
        n_steps: 2,
        step_weeks: 4,
        year_variance: None,
        first_week: Week(2597),
        expected: vec![0.5; 2 * n_cells],
        variance: vec![0.5; 2 * n_cells],
        located,
    }
}
