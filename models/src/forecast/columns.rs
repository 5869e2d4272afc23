/// What else is known of cells on the day of an origin: movements, displacement, phase, effort.
///
/// Whoever fills it answers for its days: a value may use what was known before its origin only.
/// A missing value adds nothing: it takes the mean of those there are, and so no log-odds.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name, in the card.
    pub name: String,
    /// The group its log-odds are told under.
    pub group: String,
    /// Values by origin, then cell; on a scale on which differences count (logarithms of rates).
    pub values: Vec<Vec<Option<f64>>>,
}
