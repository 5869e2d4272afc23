//! Indicators that a mission observes itself, and what is said of indicators.

codes! {
    /// An early-warning indicator that no other table can tell: the closed list of the observation
    /// form. Nothing of it is about people's ethnicity, religion or nationality.
    Observable {
        /// New checkpoints or illegal taxes on an axis.
        NewCheckpoints = "A4",
        /// Unpaid, undisciplined or newly merged troops.
        UnpaidTroops = "A5",
        /// Barracks or cantonment next to a civilian site.
        BarracksNearCivilians = "A6",
        /// Attacks on health posts, schools, water points in 60 days.
        AttacksOnServices = "B6",
        /// A site that is crowded, unlit or unfenced.
        CrowdedSite = "C2",
        /// Arrivals of forced or early returns; the baseline is the plan.
        EarlyReturns = "C3",
        /// Hours of walking to food, water, market or firewood.
        LongWalk = "C4",
        /// How much a path is hidden by grass and brush.
        Concealment = "C5",
        /// Detention or screening operations.
        Detention = "C7",
        /// Share of women among those at a market, water point or field.
        WomenPresent = "D1",
        /// Share of girls at school.
        GirlsAtSchool = "D2",
        /// Early and forced marriages.
        EarlyMarriages = "D3",
        /// Whether communities changed their habits for protection. Never which, where, or when.
        ProtectiveHabits = "D4",
        /// Women's groups that voice a threat.
        ThreatsVoiced = "D5",
        /// Hate or gendered incitement in broadcasts.
        Incitement = "D6",
        /// Share of herds that are off the corridor.
        OffCorridor = "E2",
        /// Herds in fields before the harvest.
        HerdsInFields = "E3",
        /// Price of livestock.
        LivestockPrice = "E4",
        /// Price of the staple food.
        StaplePrice = "E5",
        /// Movement in groups without herds.
        MovementWithoutHerds = "E7",
        /// A market that is closed, or a new one away from the road.
        MarketClosed = "E8",
        /// Days that a ration is late or cut.
        RationLate = "E9",
        /// An election, on the day that is due.
        Election = "F1",
        /// A ceasefire breached, an amnesty or disarmament disputed.
        CeasefireBreach = "F2",
        /// Emergency rule.
        EmergencyRule = "F3",
        /// A local agreement in force.
        LocalAgreement = "H1",
        /// Share of markets, schools and clinics that are open.
        OpenServices = "H2",
        /// Women peace messengers or mixed committees at work.
        PeaceMessengers = "H3",
        /// A commander's order on sexual violence, by the group present.
        CommandersOrder = "H4",
    }

    /// How far an indicator is known.
    IndicatorState {
        /// Somebody observed it, or it was computed from records.
        Observed = "observed",
        /// A rule stands in for an observation: it is shown, and is no evidence.
        ImputedPrior = "imputed_prior",
        /// Nobody told.
        Missing = "missing",
        /// It was observed too long ago to be relied on; what its age leaves of it still counts.
        Stale = "stale",
    }

    /// What an indicator may do.
    IndicatorRole {
        /// A score above the usual warns.
        Raises = "raises",
        /// A score above the usual speaks against a warning.
        Lowers = "lowers",
        /// It tells how much is heard, and never of risk.
        Detection = "detection",
    }
}

/// What the value of an observation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Yes or no.
    YesNo,
    /// A whole number.
    Count,
    /// A share, 0..=1.
    Share,
    /// Any amount from 0.
    Amount,
}

impl Observable {
    /// What its value is.
    #[must_use]
    pub const fn measure(self) -> Measure {
        match self {
            Self::UnpaidTroops
            | Self::BarracksNearCivilians
            | Self::CrowdedSite
            | Self::Detention
            | Self::ProtectiveHabits
            | Self::HerdsInFields
            | Self::MovementWithoutHerds
            | Self::MarketClosed
            | Self::Election
            | Self::CeasefireBreach
            | Self::EmergencyRule
            | Self::LocalAgreement
            | Self::PeaceMessengers
            | Self::CommandersOrder => Measure::YesNo,
            Self::NewCheckpoints
            | Self::AttacksOnServices
            | Self::EarlyReturns
            | Self::EarlyMarriages
            | Self::ThreatsVoiced
            | Self::Incitement => Measure::Count,
            Self::Concealment
            | Self::WomenPresent
            | Self::GirlsAtSchool
            | Self::OffCorridor
            | Self::OpenServices => Measure::Share,
            Self::LongWalk | Self::LivestockPrice | Self::StaplePrice | Self::RationLate => {
                Measure::Amount
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_of_the_eight_themes_and_none_is_there_twice() {
        let mut names: Vec<&str> = Observable::ALL.iter().map(|one| one.name()).collect();
        for name in &names {
            let (theme, number) = name.split_at(1);
            assert!(
                "ABCDEFH".contains(theme) && number.parse::<u8>().is_ok(),
                "{name}"
            );
        }
        assert!(names.is_sorted());
        names.dedup();
        assert_eq!(names.len(), Observable::ALL.len());
    }
}
