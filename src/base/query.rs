//! The query catalogue: every statement in `queries/`, by name.

macro_rules! catalogue {
    ($($(#[$doc:meta])* $query:ident = $path:literal,)*) => {
        /// One statement of the catalogue.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Query {
            $($(#[$doc])* $query,)*
        }

        impl Query {
            /// Every statement.
            pub const ALL: &'static [Self] = &[$(Self::$query,)*];

            /// Folder and file name below `queries/`, without `.sql`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$query => $path,)*
                }
            }

            /// The statement's text.
            #[must_use]
            pub const fn sql(self) -> &'static str {
                match self {
                    $(Self::$query => include_str!(concat!("../../queries/", $path, ".sql")),)*
                }
            }
        }
    };
}

catalogue! {
    /// Records of two sources that tell of one event.
    Duplicates = "ledger/duplicates",
    /// Incidents by what becomes of them.
    Fates = "index/fates",
    /// Incidents counted per anchor cell, precision and day range.
    Anchors = "index/anchors",
    /// Incidents of every kind by what they are.
    Facts = "index/facts",
    /// Whole outcomes of all years per cell and day.
    History = "index/history",
    /// Incidents per area and week, of those known to an area only.
    AreaWeeks = "index/area_weeks",
    /// Incidents per cell and week.
    CellWeeks = "index/cell_weeks",
}
