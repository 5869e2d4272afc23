//! Column names: which are taken, which are left aside, and which must never come in.

/// A column of a file, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// The row as a whole.
    Row,
    /// The geometry.
    Shape,
    /// The column at this position.
    At(usize),
}

/// The columns of one file.
#[derive(Debug)]
pub(crate) struct Header {
    names: Vec<String>,
    taken: Vec<bool>,
}

/// Words that, standing alone or as parts of a column's name, identify people. English and French
/// without accents; Arabic: telephone, mobile, post, passport, birth, the victim, the survivor, the
/// witness, the tribe, the religion, testimony.
const IDENTIFYING: &[&str] = &[
    "phone",
    "telephone",
    "mobile",
    "msisdn",
    "whatsapp",
    "facebook",
    "telegram",
    "email",
    "courriel",
    "passport",
    "passeport",
    "nationalid",
    "idcard",
    "carteidentite",
    "carteelectorale",
    "piecedidentite",
    "documentnumber",
    "numerodepiece",
    "numeropiece",
    "driverlicense",
    "drivinglicence",
    "permisdeconduire",
    "bankaccount",
    "comptebancaire",
    "dateofbirth",
    "birthdate",
    "datenaissance",
    "datedenaissance",
    "dob",
    "exactage",
    "ageexact",
    "homeaddress",
    "streetaddress",
    "adressedomicile",
    "domicile",
    "gpshome",
    "homegps",
    "homelat",
    "homelon",
    "gpsdomicile",
    "houselat",
    "houselon",
    "residencelat",
    "residencelon",
    "firstname",
    "lastname",
    "surname",
    "fullname",
    "prenom",
    "nomdefamille",
    "nometprenom",
    "survivorname",
    "nameofsurvivor",
    "victimname",
    "nameofvictim",
    "nomvictime",
    "nomdelavictime",
    "nomsurvivante",
    "nomdelasurvivante",
    "nomdusurvivant",
    "nomdutemoin",
    "witness",
    "complainant",
    "plaignant",
    "informant",
    "informateur",
    "informatrice",
    "perpetratorname",
    "nomauteur",
    "nomdelauteur",
    "suspectname",
    "patient",
    "medicalrecord",
    "ethnicity",
    "ethnicgroup",
    "ethnie",
    "ethnique",
    "religion",
    "casenumber",
    "caseno",
    "casenum",
    "caseid",
    "caseref",
    "casno",
    "casnumero",
    "numerocas",
    "numerodossier",
    "nodossier",
    "dossierno",
    "narrative",
    "narratif",
    "temoignage",
    "testimony",
    "recit",
    "statementtext",
    "هاتف",
    "جوال",
    "بريد",
    "جواز",
    "ميلاد",
    "الضحية",
    "الناجية",
    "الشاهد",
    "القبيلة",
    "الديانة",
    "شهادة",
];
/// The same as whole names only: as parts they stand in harmless words too. Arabic: name, age,
/// address.
const IDENTIFYING_WHOLE: &[&str] = &[
    "age",
    "address",
    "adresse",
    "nom",
    "tel",
    "gsm",
    "cni",
    "nin",
    "iban",
    "imei",
    "victim",
    "victime",
    "survivor",
    "survivante",
    "survivant",
    "tribe",
    "tribu",
    "clan",
    "temoin",
    "اسم",
    "الاسم",
    "العمر",
    "العنوان",
];
/// The same as one of the words that a name is put together of.
const IDENTIFYING_TOKENS: &[&str] = &["gsm", "cni", "nin", "iban", "imei", "tel", "temoin"];

/// A letter without its accent, as far as French has them.
fn unaccented(letter: char) -> char {
    match letter {
        'à' | 'â' | 'ä' | 'á' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' | 'í' => 'i',
        'ô' | 'ö' | 'ó' => 'o',
        'û' | 'ù' | 'ü' | 'ú' => 'u',
        'ç' => 'c',
        other => other,
    }
}

fn plain(name: &str) -> String {
    // An accent may be a letter of its own (Unicode's decomposed form): then it is left out.
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    let letters = letters.flat_map(char::to_lowercase);
    letters.map(unaccented).collect()
}

/// Whether a column's name tells of a person.
fn identifies(name: &str) -> bool {
    let plain_name = plain(name);
    let mut tokens = name.split(|c: char| !c.is_alphanumeric()).map(plain);
    IDENTIFYING_WHOLE.contains(&plain_name.as_str())
        || IDENTIFYING.iter().any(|word| plain_name.contains(word))
        || tokens.any(|token| IDENTIFYING_TOKENS.contains(&token.as_str()))
}

impl Header {
    pub(crate) fn new(names: Vec<String>) -> Self {
        let taken = vec![false; names.len()];
        Self { names, taken }
    }

    /// Position of the first column that has one of these names, whatever their case; it is taken.
    pub(crate) fn take(&mut self, aliases: &[&str]) -> Option<usize> {
        let Column::At(at) = self.column(aliases) else {
            return None;
        };
        self.taken[at] = true;
        Some(at)
    }

    /// Whether a column of this name is taken.
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        let mut columns = self.names.iter().zip(&self.taken);
        columns.any(|(own, taken)| *taken && own == name)
    }

    /// Of each column, whether it is taken.
    pub(crate) fn taken(&self) -> &[bool] {
        &self.taken
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Columns that identify people, apart from those a public source is known to carry and that
    /// are left aside.
    pub(crate) fn identifying(&self, known: &[&str]) -> Vec<String> {
        let is_known = |name: &str| known.iter().any(|known| plain(known) == plain(name));
        let names = self
            .names
            .iter()
            .filter(|name| identifies(name) && !is_known(name));
        names.cloned().collect()
    }

    /// The first column that has one of these names, for messages; the row where there is none.
    pub(crate) fn column(&self, aliases: &[&str]) -> Column {
        let at = |alias: &&str| {
            let same = |name: &String| name.eq_ignore_ascii_case(alias);
            self.names.iter().position(same)
        };
        aliases.iter().find_map(at).map_or(Column::Row, Column::At)
    }

    pub(crate) fn name_of(&self, column: Column) -> String {
        match column {
            Column::Row => "(row)".to_owned(),
            Column::Shape => "(shape)".to_owned(),
            Column::At(i) => self.names.get(i).cloned().unwrap_or_default(),
        }
    }

    /// Columns left aside.
    pub(crate) fn dropped(&self) -> Vec<String> {
        let left = self
            .names
            .iter()
            .zip(&self.taken)
            .filter(|(_, taken)| !**taken);
        left.map(|(name, _)| name.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Header {
        Header::new(names.iter().map(|&name| name.to_owned()).collect())
    }

    #[test]
    fn columns_that_identify_people_are_told_in_both_languages() {
        let names = [
            "Survivor Name",
            "telephone_mere",
            "Prénom",
            "Age",
            "Date of birth",
            "lat",
            "village",
        ];
        let found = header(&names).identifying(&[]);
        assert_eq!(
            found,
            [
                "Survivor Name",
                "telephone_mere",
                "Prénom",
                "Age",
                "Date of birth"
            ]
        );
        assert_eq!(header(&["prenom", "PRENOM_PERE"]).identifying(&[]).len(), 2);
    }

    #[test]
    fn documents_homes_cases_and_informants_are_told_in_three_languages() {
        let names = [
            "Nom de la victime",
            "Téléphone",
            "Te\u{301}le\u{301}phone",
            "cas_no",
            "Case No.",
            "N° CNI",
            "IBAN",
            "Passeport",
            "gps_home",
            "GPS domicile",
            "informant",
            "Témoin",
            "Récit",
            "e-mail",
            "رقم الهاتف",
            "تاريخ الميلاد",
            "الاسم",
            "tribu",
        ];
        assert_eq!(header(&names).identifying(&[]), names);
    }

    #[test]
    fn harmless_columns_are_not_taken_for_people() {
        let names = [
            "admin1Name",
            "dyad_name",
            "conflict_name",
            "percentage",
            "village",
            "message",
            "distribution",
            "contribution",
            "Liban",
            "caseload",
            "telecom_mast",
            "causes",
            "Numéro",
            "اسم القرية",
            "عدد الضحايا",
            "place_precision",
            "nom_village",
            "agency",
        ];
        assert!(header(&names).identifying(&[]).is_empty());
    }

    #[test]
    fn what_is_not_asked_for_is_left_aside() {
        let mut header = header(&["Date", "Notes", "LAT"]);
        assert_eq!(header.take(&["lat", "latitude"]), Some(2));
        assert_eq!(header.dropped(), ["Date", "Notes"]);
    }
}
