//! Floor 2: the vocabulary that stages exchange. One table a file, named for its grain.

mod area_weeks;
mod backtest;
mod balance;
mod bases;
mod boundaries;
mod cell_days;
mod cell_facts;
mod cell_steps;
mod cell_weeks;
mod classes;
mod communities;
mod corridor_exposure;
mod detection;
mod detections;
mod detector_record;
mod displacement;
mod displacement_events;
mod duplicates;
mod effort;
mod expected;
mod findings;
mod food_security;
mod forecasts;
mod gate;
mod holding;
mod incidents;
mod indicator_values;
mod intake;
mod interventions;
mod lines;
mod middles;
mod movement_alerts;
mod movements;
mod observations;
mod outreach;
mod overlaps;
mod patrol_plans;
mod phase_weeks;
mod phases;
mod placed;
mod placement_record;
mod places;
mod population;
mod provenance;
mod rain;
mod rejections;
mod reporting;
mod service_gate;
mod services;
mod sessions;
mod signals;
mod silences;
mod study_area;
mod surroundings;
mod vintages;
mod visits;
mod zones;

use arrow::array::{Array, Date32Array};

use crate::base::day::Day;

pub use area_weeks::{AreaWeekRow, AreaWeekRows, AreaWeekRowsBuilder, AreaWeeks};
pub use backtest::{Backtest, BacktestRequest, Bin, ForecastScore, Measure, Scores, Slice};
pub use balance::Balance;
pub use bases::{Base, Bases, BasesBuilder};
pub use boundaries::{Area, Boundaries, Level};
pub use cell_days::{CellDay, CellDays, CellDaysBuilder};
pub use cell_facts::{CellFact, CellFacts, CellFactsBuilder};
pub use cell_steps::CellSteps;
pub use cell_weeks::{CellWeek, CellWeeks, CellWeeksBuilder};
pub use classes::{ClassRow, Classes, ClassesBuilder};
pub use communities::{Communities, CommunitiesBuilder, Community};
pub use corridor_exposure::{CorridorExposure, CorridorExposureBuilder, CorridorExposureRow};
pub use detection::{Detection, DetectionBuilder, DetectionRow};
pub use detections::Detections;
pub use detector_record::{ComparedWith, DetectorRecord};
pub use displacement::{Displaced, Displacement, DisplacementBuilder};
pub use displacement_events::{DisplacementEvent, DisplacementEvents, DisplacementEventsBuilder};
pub use duplicates::{Duplicate, Duplicates, DuplicatesBuilder};
pub use effort::{Effort, EffortBuilder, EffortRow};
pub use expected::{Expected, ExpectedBuilder, ExpectedCell};
pub use findings::{Finding, Findings, Scope};
pub use food_security::{FoodSecurity, FoodSecurityBuilder, FoodSecurityRow};
pub use forecasts::{
    COUNT_LEVELS, Forecast, ForecastRecord, Forecasts, HorizonRecord, ZoneForecast,
};
pub use gate::Gate;
pub use holding::Holding;
pub use incidents::{Incident, Incidents, IncidentsBuilder, incident_id};
pub use indicator_values::{
    CellWarning, EarlyWarnings, EarlyWarningsBuilder, IndicatorRecord, IndicatorValue,
    IndicatorValues, IndicatorValuesBuilder, ZoneIndicator, ZoneIndicators, ZoneIndicatorsBuilder,
};
pub use intake::{FileCount, Intake, Piece, Withdrawal};
pub use interventions::{Intervention, Interventions, InterventionsBuilder};
pub use lines::{Line, Lines, Months};
pub use middles::{Middle, Middles};
pub use movement_alerts::{MovementAlert, MovementAlerts, WatchedPoint};
pub use movements::{Movement, Movements, MovementsBuilder};
pub use observations::{Observation, Observations, ObservationsBuilder};
pub use outreach::{
    ActionOption, Invitation, MilestoneRow, OutreachPlan, OutreachRecord, OutreachRow,
    PeopleReached, ZoneAction,
};
pub use overlaps::Overlap;
pub use patrol_plans::{PATROL_TERMS, Patrol, PatrolPlan, PatrolPlans, PatrolStop, UncoveredZone};
pub use phase_weeks::PhaseWeeks;
pub use phases::{OnsetSign, Phases, SeasonPhase};
pub use placed::Placed;
pub use placement_record::PlacementRecord;
pub use places::{Place, Places};
pub use population::{Population, PopulationBuilder, PopulationRow};
pub use provenance::Provenance;
pub use rain::{Rain, RainBuilder, RainRow};
pub use rejections::{Rejection, Rejections};
pub use reporting::{
    Covariate, Effect, OverlapRecord, Reporting, ReportingRecord, ScenarioRecord, ScenarioRisk,
};
pub use service_gate::{Pass, ServiceReachable, SignedOverride, Unreachable};
pub use services::{Service, Services, ServicesBuilder};
pub use sessions::{Session, Sessions, SessionsBuilder};
pub use signals::{Signal, Signals, SignalsBuilder};
pub use silences::{Silence, Silences, SilencesBuilder};
pub use study_area::StudyArea;
pub use surroundings::Surroundings;
pub use vintages::Vintage;
pub use visits::{Visit, Visits, VisitsBuilder};
pub use zones::{Doubt, EarlyWarning, Reason, Standing, ZONE_CODES, Zone, Zones};

/// Whether a day lies between a row's first and last, each open where none is told.
fn holds(first: &Date32Array, last: &Date32Array, row: usize, day: Day) -> bool {
    let begun = first.is_null(row) || first.value(row) <= day.0;
    let ended = last.is_valid(row) && last.value(row) < day.0;
    begun && !ended
}
