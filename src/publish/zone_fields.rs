//! The fields of a zone, once for every format. Names and order are part of the output contract.
use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::TierTables;
use crate::tables::{ActionOption, EarlyWarning, Reason, Zone};

/// Where a field's value comes from, by the kind of value it is.
#[derive(Clone, Copy)]
pub(super) enum Get {
    /// Names, codes and sentences.
    Text(for<'a> fn(&'a Zone, &'a TierTables<'a>) -> Option<Cow<'a, str>>),
    /// Counts, ranks and days.
    Whole(fn(&Zone) -> Option<i64>),
    /// Measures, published to six decimals.
    Number(fn(&Zone) -> Option<f64>),
}

/// One field.
pub(super) struct Field {
    /// Its name in every format.
    pub name: &'static str,
    /// Its value.
    pub get: Get,
}

/// One zone's value of one field.
pub(super) enum Value<'a> {
    /// Of [`Get::Text`].
    Text(Cow<'a, str>),
    /// Of [`Get::Whole`].
    Whole(i64),
    /// Of [`Get::Number`], always finite.
    Number(f64),
    /// There is none for this zone.
    Missing,
}

const fn text(
    name: &'static str,
    get: for<'a> fn(&'a Zone, &'a TierTables<'a>) -> Option<Cow<'a, str>>,
) -> Field {
    Field {
        name,
        get: Get::Text(get),
    }
}

const fn whole(name: &'static str, get: fn(&Zone) -> Option<i64>) -> Field {
    Field {
        name,
        get: Get::Whole(get),
    }
}

const fn number(name: &'static str, get: fn(&Zone) -> Option<f64>) -> Field {
    Field {
        name,
        get: Get::Number(get),
    }
}

const FIELDS: &[Field] = &[
    text("zone_id", |zone, _| Some(zone.zone_id.as_str().into())),
    text("kind", |zone, _| Some(zone.kind.name().into())),
    text("name", |zone, _| Some(zone.name.as_str().into())),
    whole("rank", |zone| zone.standing.map(|s| s.rank.into())),
    whole("rank_lo", |zone| zone.standing.map(|s| s.rank_lo.into())),
    whole("rank_hi", |zone| zone.standing.map(|s| s.rank_hi.into())),
    number("p_top10", |zone| zone.standing.map(|s| s.p_top10)),
    number("stability", |zone| zone.stability),
    number("rank_robustness", |zone| zone.rank_robustness),
    number("risk", |zone| Some(zone.risk.mean)),
    number("risk_lo", |zone| Some(zone.risk.lo)),
    number("risk_hi", |zone| Some(zone.risk.hi)),
    number("reporting", |zone| Some(zone.reporting?.mean)),
    number("reporting_lo", |zone| Some(zone.reporting?.lo)),
    number("reporting_hi", |zone| Some(zone.reporting?.hi)),
    text("reporting_state", |zone, _| {
        Some(zone.reporting_state.name().into())
    }),
    number("observed", |zone| Some(zone.observed)),
    number("expected", |zone| Some(zone.expected)),
    text("class_classic", |zone, _| {
        zone.class_classic.as_deref().map(Into::into)
    }),
    text("class_seasonal", |zone, _| {
        zone.class_seasonal.as_deref().map(Into::into)
    }),
    text("season_phase", |zone, _| {
        Some(zone.season_phase.as_str().into())
    }),
    text("reasons", |zone, _| sentence(&zone.reasons)),
    text("counter_evidence", |zone, _| {
        sentence(&zone.counter_evidence)
    }),
    text("protective", |zone, _| sentence(&zone.protective)),
    text("options_patrol", |zone, _| options(&zone.options_patrol)),
    text("options_other", |zone, _| options(&zone.options_other)),
    number("early_warning", |zone| Some(warning(zone)?.log_odds.mean)),
    number("early_warning_lo", |zone| Some(warning(zone)?.log_odds.lo)),
    number("early_warning_hi", |zone| Some(warning(zone)?.log_odds.hi)),
    number("early_warning_band_lo", |zone| Some(warning(zone)?.band[0])),
    number("early_warning_band_hi", |zone| Some(warning(zone)?.band[1])),
    whole("early_warning_known", |zone| {
        Some(warning(zone)?.n_known.into())
    }),
    whole("early_warning_asked", |zone| {
        Some(warning(zone)?.n_asked.into())
    }),
    whole("early_warning_review", |zone| {
        Some(warning(zone)?.review.into())
    }),
    number("p_event_28d", |zone| Some(zone.p_event_28d?.mean)),
    number("p_event_28d_lo", |zone| Some(zone.p_event_28d?.lo)),
    number("p_event_28d_hi", |zone| Some(zone.p_event_28d?.hi)),
    whole("n_cells", |zone| i64::try_from(zone.cells.len()).ok()),
    number("area_km2", |zone| Some(zone.area_km2)),
    text("mgrs", |zone, _| Some(zone.mgrs.as_str().into())),
    whole("data_age_days", |zone| zone.data_age_days.map(i64::from)),
    text("disclosure", |_, tier| Some(tier.disclosure.into())),
    text("run_digest", |_, tier| Some(tier.run_digest.into())),
];

fn warning(zone: &Zone) -> Option<&EarlyWarning> {
    zone.early_warning.as_ref()
}

const NOTICE: Field = text("notice", |_, tier| tier.notice().map(Into::into));

/// The label point, for formats without a geometry.
pub(super) const LABEL: &[Field] = &[
    number("lat", |zone| Some(h3o::LatLng::from(zone.label).lat())),
    number("lon", |zone| Some(h3o::LatLng::from(zone.label).lng())),
];

/// The fields of this tier's zones, in order. What can be done is for those who plan and go: elsewhere the fields
/// are absent.
pub(super) fn fields<'a>(tier: &TierTables<'_>) -> impl Iterator<Item = &'a Field> + Clone {
    let may = super::OPERATIONAL.contains(&tier.disclosure);
    let fields = FIELDS
        .iter()
        .filter(move |field| may || !field.name.starts_with("options_"));
    fields.chain(tier.notice().map(|_| &NOTICE))
}

impl Field {
    /// One zone's value.
    pub(super) fn value<'a>(&self, zone: &'a Zone, tier: &'a TierTables<'a>) -> Value<'a> {
        match self.get {
            Get::Text(get) => get(zone, tier).map_or(Value::Missing, Value::Text),
            Get::Whole(get) => get(zone).map_or(Value::Missing, Value::Whole),
            Get::Number(get) => get(zone)
                .filter(|number| number.is_finite())
                .map_or(Value::Missing, |number| {
                    Value::Number(to_six_decimals(number))
                }),
        }
    }
}

/// Adding zero turns a negative zero into a plain one.
fn to_six_decimals(number: f64) -> f64 {
    (number * 1e6).round() / 1e6 + 0.0
}

fn sentence(reasons: &[Reason]) -> Option<Cow<'_, str>> {
    let all: Vec<String> = reasons
        .iter()
        .map(|reason| format!("{}: {}", reason.code, reason.text))
        .collect();
    (!all.is_empty()).then(|| all.join("; ").into())
}

fn options(options: &[ActionOption]) -> Option<Cow<'_, str>> {
    let all = options.iter().map(|one| {
        let because = one.because.join(", ");
        format!("{}: {} ({because})", one.option, one.text_en)
    });
    let all: Vec<String> = all.collect();
    (!all.is_empty()).then(|| all.join("; ").into())
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Whole(whole) => serializer.serialize_i64(*whole),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Missing => serializer.serialize_none(),
        }
    }
}
