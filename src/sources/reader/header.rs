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

/// Words that, standing alone or as parts of a column's name, identify people. English and French.
const IDENTIFYING: &[&str] = &[
    "phone",
    "telephone",
    "mobile",
    "msisdn",
    "email",
    "passport",
    "nationalid",
    "idcard",
    "documentnumber",
    "dateofbirth",
    "datenaissance",
    "birthdate",
    "dob",
    "exactage",
    "ageexact",
    "homeaddress",
    "streetaddress",
    "adressedomicile",
    "firstname",
    "lastname",
    "surname",
    "fullname",
    "prenom",
    "prénom",
    "nomdefamille",
    "survivorname",
    "victimname",
    "nomvictime",
    "nomsurvivante",
    "witnessname",
    "complainant",
    "patient",
    "facebook",
    "whatsapp",
    "ethnicity",
    "ethnicgroup",
    "ethnie",
    "religion",
    "casenumber",
    "narrative",
    "temoignage",
    "testimony",
];
/// The same as whole names only: as parts they stand in harmless words too.
const IDENTIFYING_WHOLE: &[&str] = &[
    "age", "address", "adresse", "nom", "tel", "victim", "survivor",
];

fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
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

    /// Positions of the columns that are taken, in the order of the file.
    pub(crate) fn taken(&self) -> Vec<usize> {
        let columns = self.taken.iter().enumerate();
        columns
            .filter(|(_, taken)| **taken)
            .map(|(at, _)| at)
            .collect()
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Columns that identify people, apart from those a public source is known to carry and that
    /// are left aside.
    pub(crate) fn identifying(&self, known: &[&str]) -> Vec<String> {
        let is_known = |name: &str| known.iter().any(|known| plain(known) == plain(name));
        let identifies = |name: &str| {
            let plain = plain(name);
            IDENTIFYING_WHOLE.contains(&plain.as_str())
                || IDENTIFYING.iter().any(|word| plain.contains(word))
        };
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
    fn harmless_columns_are_not_taken_for_people() {
        let names = [
            "admin1Name",
            "dyad_name",
            "conflict_name",
            "percentage",
            "village",
            "message",
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
