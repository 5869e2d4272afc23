//! Who does what where: OCHA's 3W and HDX's operational presence.
//!
//! Of a programme only its sector, its area down to the second level, its status and its days are
//! taken; who runs it and what it says of itself are left aside. Coordinates are not asked for.

use crate::base::code::{ServiceKind, ServiceStatus};
use crate::tables::{Intake, Service};

use super::super::reader::{Class, Column, Fault, Header, Row};
use super::super::{Head, Source};
use super::{Services, pcodes};

const SECTOR: &[&str] = &[
    "sector",
    "sector/cluster",
    "cluster",
    "cluster/sector",
    "sector_name",
    "cluster_name",
    "secteur",
    "secteur/cluster",
    "cluster/secteur",
];
const SUBSECTOR: &[&str] = &[
    "subsector",
    "sub-sector",
    "sub sector",
    "subcluster",
    "sub-cluster",
    "sub cluster",
    "area of responsibility",
    "aor",
    "sous-secteur",
    "sous-cluster",
    "sous secteur",
];
const ORGANISATION: &[&str] = &[
    "organisation",
    "organization",
    "org_name",
    "org_acronym",
    "org",
    "acronym",
    "acronyme",
    "organisation name",
    "organization name",
    "implementing partner",
    "partner",
    "partenaire",
];
const ADMIN1: &[&str] = &[
    "admin1pcode",
    "admin1_pcode",
    "admin1 pcode",
    "admin1 p-code",
    "admin1_code",
    "adm1_pcode",
    "adm1 pcode",
    "adm1_code",
];
const ADMIN2: &[&str] = &[
    "admin2pcode",
    "admin2_pcode",
    "admin2 pcode",
    "admin2 p-code",
    "admin2_code",
    "adm2_pcode",
    "adm2 pcode",
    "adm2_code",
];
const STATUS: &[&str] = &[
    "status",
    "activity status",
    "project status",
    "statut",
    "état",
    "etat",
];
const FIRST_DAY: &[&str] = &[
    "start_date",
    "start date",
    "date_start",
    "startdate",
    "date de début",
    "date de debut",
    "reference_period_start",
];
const LAST_DAY: &[&str] = &[
    "end_date",
    "end date",
    "date_end",
    "enddate",
    "date de fin",
    "reference_period_end",
];

/// Words of sectors, the first that is found deciding. The shelter cluster gives roofs to displaced
/// households: its rows are none of safe houses.
const SECTORS: &[(&str, ServiceKind)] = &[
    ("gbv", ServiceKind::GbvResponse),
    ("vbg", ServiceKind::GbvResponse),
    ("gender", ServiceKind::GbvResponse),
    ("sur le genre", ServiceKind::GbvResponse),
    ("mhpss", ServiceKind::Psychosocial),
    ("smsps", ServiceKind::Psychosocial),
    ("psychoso", ServiceKind::Psychosocial),
    ("health", ServiceKind::Health),
    ("sant\u{e9}", ServiceKind::Health),
    ("sante", ServiceKind::Health),
    ("protection", ServiceKind::Protection),
];
const STATUSES: &[(&str, ServiceStatus)] = &[
    ("ongoing", ServiceStatus::Open),
    ("on-going", ServiceStatus::Open),
    ("active", ServiceStatus::Open),
    ("open", ServiceStatus::Open),
    ("en cours", ServiceStatus::Open),
    ("ouvert", ServiceStatus::Open),
    ("planned", ServiceStatus::Planned),
    ("planifi\u{e9}", ServiceStatus::Planned),
    ("pr\u{e9}vu", ServiceStatus::Planned),
    ("suspended", ServiceStatus::Suspended),
    ("suspendu", ServiceStatus::Suspended),
    ("completed", ServiceStatus::Closed),
    ("closed", ServiceStatus::Closed),
    ("termin\u{e9}", ServiceStatus::Closed),
    ("achev\u{e9}", ServiceStatus::Closed),
    ("finalis\u{e9}", ServiceStatus::Closed),
];

/// Whether a head has a sector, an organisation and a P-code.
pub(super) fn recognises(head: &Head) -> bool {
    let any = |names: &[&str]| names.iter().any(|name| head.has(&[name]));
    any(SECTOR) && any(ORGANISATION) && (any(ADMIN1) || any(ADMIN2))
}

pub(super) struct Columns {
    sector: usize,
    subsector: Option<usize>,
    pcodes: [Option<usize>; 2],
    status: Option<usize>,
    period: [Option<usize>; 2],
}

impl Columns {
    /// Nothing where the file has no sector or no P-code.
    pub(super) fn of(header: &mut Header) -> Option<Self> {
        let sector = header.take(SECTOR)?;
        let pcodes = [header.take(ADMIN1), header.take(ADMIN2)];
        pcodes.iter().any(Option::is_some).then(|| Self {
            sector,
            subsector: header.take(SUBSECTOR),
            pcodes,
            status: header.take(STATUS),
            period: [header.take(FIRST_DAY), header.take(LAST_DAY)],
        })
    }

    pub(super) fn take(&self, row: &Row<'_>, intake: &mut Intake) -> Result<(), Fault> {
        let sector = kind(&row.text(self.sector)?);
        let finer = row.optional_text(self.subsector)?.map(|text| kind(&text));
        let finer = finer.filter(|kind| *kind != ServiceKind::Other);
        let pcodes = pcodes(self.pcodes, row)?;
        if pcodes == [None, None] {
            let at = self.pcodes[1].or(self.pcodes[0]);
            let column = at.map_or(Column::Row, Column::At);
            return Err(Fault::new(column, Class::Missing, super::PCODE));
        }
        let status = row.optional_text(self.status)?;
        let status = status.map_or(ServiceStatus::Unknown, |text| status_of(&text));
        let [first_day, last_day] = row.period(self.period)?;
        intake.services.push(Service {
            source: Services.name(),
            name: None,
            kind: finer.unwrap_or(sector).code(),
            status: status.code(),
            lat_deg: None,
            lon_deg: None,
            admin1_pcode: pcodes[0].as_deref(),
            admin2_pcode: pcodes[1].as_deref(),
            first_day,
            last_day,
            weekdays: None,
            clinical_care: None,
            psychosocial: None,
            legal: None,
            safe_house: None,
        });
        Ok(())
    }
}

fn kind(text: &str) -> ServiceKind {
    let text = text.to_lowercase();
    let mut sectors = SECTORS.iter();
    let found = sectors.find(|(word, _)| text.contains(word));
    found.map_or(ServiceKind::Other, |&(_, kind)| kind)
}

/// Every country has words of its own: what is none of these is unknown, and no fault of the row.
fn status_of(text: &str) -> ServiceStatus {
    let text = text.to_lowercase();
    let mut words = STATUSES.iter();
    let found = words.find(|(word, _)| text.starts_with(word));
    found.map_or(ServiceStatus::Unknown, |&(_, status)| status)
}
