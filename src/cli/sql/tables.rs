//! What can be asked. Adding a table is a line in [`TABLES`].

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, UInt8Array};

use crate::base::code::{EffortKind, MovementAlert};
use crate::base::day::Day;
use crate::base::error::Result;
use crate::base::settings::Settings;
use crate::index::{self, Index};
use crate::nightly;
use crate::season::Card;
use crate::sources;
use crate::tables::{Boundaries, Effort, Incidents, Intake, Movements, Places, Rejection};

use super::super::Options;
use super::{Arguments, areas, incidents, times, unmade};

/// One table.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// What it holds, in one sentence.
    pub(super) what: &'static str,
    /// Its rows, of a mission that may be empty.
    pub(super) rows: fn(&Mission) -> Result<RecordBatch>,
}

/// Every table.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "incidents",
        what: "one row per reported incident, with the areas it is known to lie in",
        rows: incidents::rows,
    },
    Table {
        name: "areas",
        what: "one row per administrative area, and the area above it",
        rows: areas::areas,
    },
    Table {
        name: "places",
        what: "one row per named place",
        rows: areas::places,
    },
    Table {
        name: "movements",
        what: "one row per counting point, day and direction of herds",
        rows: |mission| {
            named(
                mission.movements.batch(),
                &[("alert", |c| Some(MovementAlert::from_code(c)?.name()))],
            )
        },
    },
    Table {
        name: "effort",
        what: "one row per patrol, session or visit and place",
        rows: |mission| {
            named(
                mission.effort.batch(),
                &[("kind", |c| Some(EffortKind::from_code(c)?.name()))],
            )
        },
    },
    Table {
        name: "cells",
        what: "one row per cell of the study area, with the areas that hold its centre",
        rows: areas::cells,
    },
    Table {
        name: "calendar",
        what: "one row per day from the first incident to the last, with its week and season phase",
        rows: times::calendar,
    },
    Table {
        name: "cell_weeks",
        what: "one row per cell and week with incidents, as a night of the as-of date counts them",
        rows: times::cell_weeks,
    },
    Table {
        name: "rejections",
        what: "one row per input row not taken, without its content",
        rows: times::rejections,
    },
];

/// What the tables are made of.
pub(super) struct Mission {
    pub(super) incidents: Incidents,
    pub(super) movements: Movements,
    pub(super) effort: Effort,
    pub(super) places: Places,
    pub(super) boundaries: Boundaries,
    pub(super) rejections: Vec<Rejection>,
    /// Missing where no table asked for needs it.
    pub(super) index: Option<Index>,
    /// The season card; missing where there is no mission.
    pub(super) card: Option<Card>,
}

impl Mission {
    /// Reads what the tables asked for are made of.
    pub(super) fn read(
        arguments: &Arguments,
        named: &BTreeSet<String>,
        options: &Options,
    ) -> Result<Self> {
        let settings = super::super::run::settings(&arguments.dir)?;
        if !TABLES.iter().any(|table| named.contains(table.name)) {
            return Self::empty();
        }
        let data = super::super::data_folder();
        // The files as they are now; once records are kept with the day they were known, `--as-of` asks for those.
        let asked = |tables: &[&str]| tables.iter().any(|&table| named.contains(table));
        let index = asked(&["cells", "cell_weeks"]);
        if let (Some(as_of), true, false) =
            (arguments.as_of, index, asked(&["incidents", "calendar"]))
        {
            // Ten million incidents need not be in memory to be counted.
            let context = super::super::run::context(&arguments.dir, as_of, options)?;
            let (intake, counts) =
                nightly::read_and_count(&context, &arguments.dir, data.as_deref())?;
            let mut mission = Self::of(intake, Some(&settings))?;
            mission.index = Some(index::place(&context, counts, &mission.boundaries)?);
            return Ok(mission);
        }
        let intake =
            sources::read_all(&settings, arguments.as_of, &arguments.dir, data.as_deref())?;
        let mut mission = Self::of(intake, Some(&settings))?;
        if index {
            let newest = mission
                .incidents
                .date_start()
                .values()
                .iter()
                .copied()
                .max();
            let as_of = arguments.as_of.or(newest.map(Day)).unwrap_or(Day(0));
            let context = super::super::run::context(&arguments.dir, as_of, options)?;
            let incidents = mission.incidents.clone();
            mission.index = Some(index::run(&context, incidents, &mission.boundaries)?);
        }
        Ok(mission)
    }

    /// A mission without a record, which still tells every table's columns.
    pub(super) fn empty() -> Result<Self> {
        Self::of(Intake::default(), None)
    }

    fn of(intake: Intake, settings: Option<&Settings>) -> Result<Self> {
        Ok(Self {
            incidents: intake.incidents.finish(),
            movements: intake.movements.finish(),
            effort: intake.effort.finish(),
            places: Places::new(intake.places),
            boundaries: Boundaries::new(intake.areas),
            rejections: intake.rejections,
            index: None,
            card: settings
                .map(|settings| Card::named(&settings.season.card))
                .transpose()?,
        })
    }
}

/// The name of a code.
pub(super) type NameOf = fn(u8) -> Option<&'static str>;

/// A table whose codes are told by name.
pub(super) fn named(rows: &RecordBatch, codes: &[(&str, NameOf)]) -> Result<RecordBatch> {
    let schema = rows.schema();
    let columns = schema
        .fields()
        .iter()
        .zip(rows.columns())
        .map(|(field, column)| {
            let code = codes.iter().find(|(name, _)| name == field.name());
            let column = match (code, column.as_any().downcast_ref::<UInt8Array>()) {
                (Some((_, name_of)), Some(codes)) => {
                    let names = codes.iter().map(|code| name_of(code?));
                    Arc::new(names.collect::<StringArray>()) as ArrayRef
                }
                _ => Arc::clone(column),
            };
            (field.name(), column, field.is_nullable())
        });
    RecordBatch::try_from_iter_with_nullable(columns).map_err(unmade)
}
