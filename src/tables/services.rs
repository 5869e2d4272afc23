//! Services that survivors and communities can turn to.

use arrow::array::{Array, UInt8Array};

use crate::base::code::{ServiceKind, ServiceStatus};
use crate::base::day::Day;
use crate::base::table::{Date, F64, Opt, Text, U8};
use crate::table;

table! {
    /// One row per service point, or per programme and area. A safe house has no coordinates and no
    /// name: where it stands is never known here, only the area it serves.
    Services, row Service, builder ServicesBuilder {
        /// The source's registered name.
        source: Text,
        /// Name of the place, where there is one to tell.
        name: Opt<Text>,
        /// `base::code::ServiceKind`.
        kind: U8,
        /// `base::code::ServiceStatus`.
        status: U8,
        /// Latitude in degrees north, where the point is told.
        lat_deg: Opt<F64>,
        /// Longitude in degrees east, where the point is told.
        lon_deg: Opt<F64>,
        /// First-level P-code, where the source carries one.
        admin1_pcode: Opt<Text>,
        /// Second-level P-code, where the source carries one.
        admin2_pcode: Opt<Text>,
        /// First day it is known to be open.
        first_day: Opt<Date>,
        /// Last day it is known to be open; open until further notice where none is told.
        last_day: Opt<Date>,
        /// Days of the week it is open, Monday the lowest of seven bits.
        weekdays: Opt<U8>,
        /// Whether it offers clinical management of rape.
        clinical_care: Opt<U8>,
        /// Whether it offers psychosocial support.
        psychosocial: Opt<U8>,
        /// Whether it offers legal aid.
        legal: Opt<U8>,
        /// Whether it gives access to a safe house.
        safe_house: Opt<U8>,
    }
}

impl Services {
    /// Whether the service of a row offers clinical care of survivors or psychosocial support.
    #[must_use]
    pub fn helps_survivors(&self, row: usize) -> bool {
        let kind = ServiceKind::from_code(self.kind().value(row));
        let meant = matches!(
            kind,
            Some(ServiceKind::OneStopCentre | ServiceKind::Psychosocial)
        );
        let offers = |column: &UInt8Array| column.is_valid(row) && column.value(row) == 1;
        meant || offers(self.clinical_care()) || offers(self.psychosocial())
    }

    /// Whether the service of a row is open on a day, as far as its source tells.
    #[must_use]
    pub fn is_open(&self, row: usize, day: Day) -> bool {
        let status = ServiceStatus::from_code(self.status().value(row));
        let runs = matches!(status, Some(ServiceStatus::Open | ServiceStatus::Unknown));
        runs && super::holds(self.first_day(), self.last_day(), row, day)
    }
}
