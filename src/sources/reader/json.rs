//! Rows in JSON, as they stream by: objects of an array, or features with a point.
//!
//! Of a column that is not asked for the name is kept, and of its values no more than what they look
//! like.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::feature::OneFeature;
use super::shape::Shape;

/// Names under which answers of an API keep their rows.
const LISTS: [&str; 6] = ["data", "Result", "result", "value", "items", "records"];
/// Deeper than any row, and shallow enough for every parser.
const MAX_DEPTH: usize = 64;

/// One row's values by column.
pub(super) type Cells = BTreeMap<String, String>;

/// What is done with the rows of a text.
pub(super) struct Rows<'a> {
    /// Whether a column is asked for.
    asked: &'a dyn Fn(&str) -> bool,
    row: &'a mut dyn FnMut(Cells),
    /// Arrays of rows so far.
    arrays: usize,
    /// Whether the rows are features.
    features: bool,
}

impl<'a> Rows<'a> {
    /// Passes on every row of a saved answer or a feature collection, and tells whether they are
    /// features. Nothing where the text holds no array of rows, or more than one.
    pub(super) fn pass(
        text: &[u8],
        asked: &'a dyn Fn(&str) -> bool,
        row: &'a mut dyn FnMut(Cells),
    ) -> Option<bool> {
        let mut rows = Self {
            asked,
            row,
            arrays: 0,
            features: false,
        };
        if is_deep(text) {
            return None;
        }
        let mut input = serde_json::Deserializer::from_slice(text);
        Answer(&mut rows).deserialize(&mut input).ok()?;
        input.end().ok()?;
        (rows.arrays == 1).then_some(rows.features)
    }
}

/// One object on its own, as a line of JSON lines holds it.
pub(super) fn one(text: &[u8], asked: &dyn Fn(&str) -> bool) -> Option<Cells> {
    if is_deep(text) {
        return None;
    }
    let mut input = serde_json::Deserializer::from_slice(text);
    let cells = OneRow(asked).deserialize(&mut input).ok()?;
    input.end().ok()?;
    Some(cells)
}

/// Whether brackets are nested deeper than any row's.
fn is_deep(text: &[u8]) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for &byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

/// The whole text, or an object within it that may hold the array of rows.
struct Answer<'r, 'a>(&'r mut Rows<'a>);

impl<'de> DeserializeSeed<'de> for Answer<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Answer<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows, or an object with one")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut part: A) -> Result<(), A::Error> {
        while let Some(name) = part.next_key::<String>()? {
            if LISTS.contains(&name.as_str()) {
                part.next_value_seed(Answer(&mut *self.0))?;
            } else if name == "features" {
                self.0.features = true;
                part.next_value_seed(Answer(&mut *self.0))?;
            } else {
                part.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut part: A) -> Result<(), A::Error> {
        self.0.arrays += 1;
        loop {
            let cells = if self.0.features {
                part.next_element_seed(OneFeature(self.0.asked))?
            } else {
                part.next_element_seed(OneRow(self.0.asked))?
            };
            match cells {
                Some(cells) => (self.0.row)(cells),
                None => return Ok(()),
            }
        }
    }

    // A number or a word under one of the names is something else that the answer tells.
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// One row.
pub(super) struct OneRow<'a>(pub(super) &'a dyn Fn(&str) -> bool);

impl<'de> DeserializeSeed<'de> for OneRow<'_> {
    type Value = Cells;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Cells, D::Error> {
        input.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneRow<'_> {
    type Value = Cells;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut part: A) -> Result<Cells, A::Error> {
        let mut cells = Cells::new();
        while let Some(name) = part.next_key::<String>()? {
            let cell = if (self.0)(&name) {
                plain(part.next_value()?)
            } else {
                looks_like(part.next_value()?).to_owned()
            };
            cells.insert(name, cell);
        }
        Ok(cells)
    }

    fn visit_unit<E>(self) -> Result<Cells, E> {
        Ok(Cells::new())
    }
}

/// Of a value that is not asked for, what it looks like: nobody's value of the same shape.
fn looks_like(value: serde_json::Value) -> &'static str {
    let shape = match value {
        serde_json::Value::Array(_) | serde_json::Value::Object(_) => None,
        value => Shape::of(plain(value).as_bytes()),
    };
    shape.map_or("", Shape::stand_in)
}

/// A value as a delimited text file would hold it. What is nested is no value of a cell.
fn plain(value: serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str, asked: &dyn Fn(&str) -> bool) -> Option<Vec<Cells>> {
        let mut rows = Vec::new();
        let mut row = |cells| rows.push(cells);
        Rows::pass(text.as_bytes(), asked, &mut row)?;
        Some(rows)
    }

    #[test]
    fn only_what_is_asked_for_is_kept_as_a_value() {
        let text =
            r#"{"data":[{"lat":6.50,"id":" a ","notes":"told in confidence","n":null,"l":[1]}]}"#;
        let found = rows(text, &|name| name != "notes").unwrap();
        let cell = |name: &str| found[0][name].as_str();
        assert_eq!(
            ["lat", "id", "notes", "n", "l"].map(cell),
            ["6.5", "a", "", "", "[1]"]
        );
    }

    #[test]
    fn brackets_within_words_are_no_depth() {
        let words = format!(r#"{{"id":"{}\"{}"}}"#, "[".repeat(200), "{".repeat(200));
        assert!(one(words.as_bytes(), &|_| true).is_some());
        let nested =
            |depth: usize| format!("{{\"id\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(one(nested(MAX_DEPTH - 1).as_bytes(), &|_| true).is_some());
        assert!(one(nested(MAX_DEPTH).as_bytes(), &|_| true).is_none());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(
            text in "([\\[\\]{}:,]|\"(data|items|features|geometry|coordinates|type|Point|a)?\"|1e9|-1|null|true| ){0,40}"
        ) {
            let found = rows(&text, &|_| true);
            let parsed = serde_json::from_str::<serde_json::Value>(&text);
            prop_assert!(found.is_none() || parsed.is_ok());
        }
    }
}
