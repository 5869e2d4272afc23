//! What is said of reporting.

codes! {
    /// Whether the probability that an incident is reported is known.
    ReportingState {
        /// Nobody was there, or the place fell silent: no number is given.
        Unknown = "unknown",
        /// Carried as three scenarios.
        Scenario = "scenario",
        /// Learned from effort that varied.
        Fitted = "fitted",
    }

    /// What kind of silence a place shows.
    SilenceKind {
        /// Fewer reports than the effort there leads one to expect.
        FewerThanEffort = "fewer_than_effort",
        /// Fewer reports than usual, and less contact, which may be why.
        ContactLost = "contact_lost",
        /// Where reports are usual nobody has been for long.
        NoContact = "no_contact",
    }

    /// What may change how much is reported from a place.
    InterventionKind {
        /// A patrol came.
        Patrol = "patrol",
        /// An outreach session was held.
        Outreach = "outreach",
        /// A monitoring visit was made.
        Monitoring = "monitoring",
        /// A service opened.
        ServiceOpened = "service_opened",
        /// A service closed.
        ServiceClosed = "service_closed",
        /// A base opened.
        BaseOpened = "base_opened",
        /// A base closed.
        BaseClosed = "base_closed",
    }
}
