//! Codes of outreach.

codes! {
    /// What a community is, by how it lives and never by who lives there.
    CommunityKind {
        /// A camp of herders.
        HerderCamp = "herder_camp",
        /// A village of farmers.
        FarmingVillage = "farming_village",
        /// Both.
        Mixed = "mixed",
        /// A site of displaced persons.
        Site = "site",
    }

    /// Whom a session is for. Each has a list of its own.
    Audience {
        /// A camp of herders.
        HerderCamps = "herder_camps",
        /// A village of farmers, or a site.
        FarmingVillages = "farming_villages",
        /// Women and girls only, led by women.
        WomenOnly = "women_only",
        /// Men and boys.
        MenAndBoys = "men_and_boys",
    }

    /// Whether to go tomorrow.
    GoDecision {
        /// Nothing known speaks against it.
        Go = "go",
        /// With an escort.
        Accompany = "accompany",
        /// Not tomorrow.
        Delay = "delay",
    }

    /// Whether help can be reached where a session invites people to speak.
    ServiceGate {
        /// A session that invites nobody to speak needs none.
        NotNeeded = "not_needed",
        /// An open service is within reach.
        Reachable = "reachable",
        /// None is, and someone answered for going all the same.
        Overridden = "overridden",
        /// None is: no session.
        Closed = "closed",
    }

    /// A step of the year's outreach, planned back from the first day of a season.
    Milestone {
        /// Leaders meet before herds enter.
        LeadersDialogue = "leaders_dialogue",
        /// What was agreed is looked at again.
        MidSeasonReview = "mid_season_review",
        /// Before herds return.
        ReturnSession = "return_session",
    }
}
