//! Closed vocabularies. Tables carry the code (one byte); people and files see the name.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
        #[repr(u8)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// Every value, in code order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code in tables.
            #[must_use]
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// The name in files and messages.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// The value of a code.
            #[must_use]
            pub fn from_code(code: u8) -> Option<Self> {
                Self::ALL.get(usize::from(code)).copied()
            }

            /// The value of a name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }
    )*};
}

mod indicators;
mod outreach;
mod reporting;

pub use indicators::{IndicatorRole, IndicatorState, Measure, Observable};
pub use outreach::{Audience, CommunityKind, GoDecision, Milestone, ServiceGate};
pub use reporting::{InterventionKind, ReportingState, SilenceKind};

codes! {
    /// What happened.
    Kind {
        /// Fighting between a state and an armed group.
        Battle = "battle",
        /// Fighting between groups, none of them a state.
        Clash = "clash",
        /// Violence against civilians that is not of a kind below.
        AttackOnCivilians = "attack_on_civilians",
        /// Conflict-related sexual violence.
        SexualViolence = "sexual_violence",
        /// Abduction.
        Abduction = "abduction",
        /// Looting, pillage, house searches.
        Looting = "looting",
        /// Theft of or raid on livestock.
        CattleRaid = "cattle_raid",
        /// Damage to crops and the dispute about it.
        CropDamage = "crop_damage",
        /// Any other event.
        Other = "other",
    }

    /// The class of the reported actor; never who, never an ethnic or religious group.
    ActorClass {
        /// The source does not say.
        Unknown = "unknown",
        /// Armed or security forces of a state.
        State = "state",
        /// An organised armed group.
        ArmedGroup = "armed_group",
        /// A communal or self-defence militia.
        Militia = "militia",
        /// Any other actor.
        Other = "other",
    }

    /// How precisely a place is known, from finest to coarsest.
    PlacePrecision {
        /// Surveyed point.
        Exact = "exact",
        /// A named town, village or site.
        Town = "town",
        /// Within 25 km of a point.
        Near = "near",
        /// A commune (third administrative level).
        Admin3 = "admin3",
        /// A district, sub-prefecture or county (second level).
        Admin2 = "admin2",
        /// A prefecture, state or province (first level).
        Admin1 = "admin1",
        /// The country only.
        Country = "country",
    }

    /// How precisely a date is known.
    DatePrecision {
        /// To the day.
        Day = "day",
        /// To a few days.
        Days = "days",
        /// To a week.
        Week = "week",
        /// To a month.
        Month = "month",
        /// More than a month.
        Longer = "longer",
    }

    /// How far a report was checked.
    Verification {
        /// The source does not say.
        Unknown = "unknown",
        /// Reported, not checked.
        Reported = "reported",
        /// Two independent sources or an investigation.
        Verified = "verified",
    }

    /// Who brought the report.
    DiscoveredBy {
        /// The source does not say.
        Unknown = "unknown",
        /// Someone who lives there.
        Resident = "resident",
        /// A patrol.
        Patrol = "patrol",
        /// A partner organisation.
        Partner = "partner",
    }

    /// What kind of presence an effort record logs.
    EffortKind {
        /// A patrol.
        Patrol = "patrol",
        /// An outreach or sensitisation session.
        Outreach = "outreach",
        /// A monitoring or human-rights visit.
        Monitoring = "monitoring",
    }

    /// What a movement record warns of.
    MovementAlert {
        /// Nothing unusual.
        None = "none",
        /// Before the expected date.
        Early = "early",
        /// After the expected date.
        Late = "late",
        /// Far more animals than expected.
        Massive = "massive",
        /// Against the expected direction.
        WrongDirection = "wrong_direction",
        /// Far fewer animals than expected, the season being well under way.
        Missing = "missing",
    }

    /// What lets the first day of a season be seen.
    Anchor {
        /// Nothing: the usual date with its doubt.
        Fixed = "fixed",
        /// Herds counted at counting points.
        HerdCount = "herd_count",
        /// Rain since the dry season.
        Rain = "rain",
        /// The flood calendar of a place, imported year by year.
        FloodCalendar = "flood_calendar",
        /// A date that people announce, imported year by year.
        ImportedDate = "imported_date",
    }

    /// Why people had to leave.
    DisplacementReason {
        /// The source does not say.
        Unknown = "unknown",
        /// Conflict and armed violence.
        Conflict = "conflict",
        /// Clashes between communities.
        CommunalClash = "communal_clash",
        /// A disaster, of nature or not.
        Disaster = "disaster",
        /// Any other reason.
        Other = "other",
    }

    /// How a reported figure is meant.
    Qualifier {
        /// The source does not say.
        Unknown = "unknown",
        /// The total.
        Total = "total",
        /// About as many.
        Approximately = "approximately",
        /// At least as many.
        MoreThan = "more_than",
        /// At most as many.
        LessThan = "less_than",
    }

    /// What a food security analysis speaks of.
    Validity {
        /// The time of the analysis.
        Current = "current",
        /// The time after it.
        FirstProjection = "first_projection",
        /// The time after that.
        SecondProjection = "second_projection",
    }

    /// Phase of acute food insecurity (IPC), or a sum of phases.
    FoodPhase {
        /// Phase 1, none or minimal.
        Minimal = "1",
        /// Phase 2, stressed.
        Stressed = "2",
        /// Phase 3, crisis.
        Crisis = "3",
        /// Phase 4, emergency.
        Emergency = "4",
        /// Phase 5, catastrophe or famine.
        Catastrophe = "5",
        /// Phases 3 to 5 together.
        CrisisOrWorse = "3+",
        /// All phases together: everyone analysed.
        All = "all",
    }

    /// What a figure of a grid or area stands for.
    Footprint {
        /// An administrative area, by P-code.
        Area = "area",
        /// An H3 cell.
        Hex = "hex",
        /// A PRIO-GRID cell of half a degree.
        PrioGrid = "priogrid",
    }

    /// What a place is.
    PlaceKind {
        /// A town or village.
        Settlement = "settlement",
        /// A market.
        Market = "market",
        /// A site of displaced persons.
        DisplacementSite = "displacement_site",
        /// A water point.
        Water = "water",
        /// A crossing or counting point of a corridor.
        CountingPoint = "counting_point",
        /// A base.
        Base = "base",
        /// Fields that people work in.
        Field = "field",
        /// Where rations or other goods are given out.
        DistributionPoint = "distribution_point",
    }

    /// What shape a zone has.
    ZoneKind {
        /// Cells that spread over an area.
        Area = "area",
        /// Cells along a way between two places.
        Axis = "axis",
    }

    /// What a service point or programme is for.
    ServiceKind {
        /// A hospital, clinic or health post.
        Health = "health",
        /// Medical, psychosocial and legal help for survivors under one roof.
        OneStopCentre = "one_stop_centre",
        /// Mental health and psychosocial support.
        Psychosocial = "psychosocial",
        /// Legal aid.
        Legal = "legal",
        /// A place of refuge. Where it stands is never taken.
        SafeHouse = "safe_house",
        /// A safe space for women and girls, open by day and publicly known.
        SafeSpace = "safe_space",
        /// Response to gender-based violence, of which nothing finer is told.
        GbvResponse = "gbv_response",
        /// Protection in general.
        Protection = "protection",
        /// Anything else.
        Other = "other",
    }

    /// Whether a service runs.
    ServiceStatus {
        /// The source does not say, or not in words that are known.
        Unknown = "unknown",
        /// It runs.
        Open = "open",
        /// It is to open.
        Planned = "planned",
        /// It has stopped for a while.
        Suspended = "suspended",
        /// It has ended.
        Closed = "closed",
    }

    /// How long a base is meant to stand.
    BaseKind {
        /// The source does not say.
        Unknown = "unknown",
        /// A base.
        Permanent = "permanent",
        /// A temporary operating base.
        Temporary = "temporary",
    }

    /// What a line is.
    LineKind {
        /// A corridor of transhumance.
        Corridor = "corridor",
        /// A road that vehicles take.
        Road = "road",
        /// A way on foot.
        Path = "path",
        /// A river or stream.
        River = "river",
    }

    /// What a road is in its network.
    RoadClass {
        /// A motorway or trunk road.
        Trunk = "trunk",
        /// A primary road.
        Primary = "primary",
        /// A secondary road.
        Secondary = "secondary",
        /// A tertiary road.
        Tertiary = "tertiary",
        /// A street or an unclassified road.
        Local = "local",
        /// A track.
        Track = "track",
        /// Any other.
        Other = "other",
    }

    /// What a road is made of.
    Surface {
        /// Asphalt, concrete or stone.
        Paved = "paved",
        /// Gravel or laterite.
        Gravel = "gravel",
        /// Bare ground.
        Earth = "earth",
        /// Any other.
        Other = "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_read_back() {
        for &precision in PlacePrecision::ALL {
            assert_eq!(PlacePrecision::from_code(precision.code()), Some(precision));
            assert_eq!(PlacePrecision::from_name(precision.name()), Some(precision));
        }
        assert_eq!(Kind::from_code(200), None);
        assert!(PlacePrecision::Town < PlacePrecision::Admin1);
    }
}
