//! One feature of a `GeoJSON` collection as a row: its properties, and where its point is.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::json::{Cells, OneRow};

/// One feature: its properties, and as `longitude` and `latitude` its point, where no property tells.
pub(super) struct OneFeature<'a>(pub(super) &'a dyn Fn(&str) -> bool);

impl<'de> DeserializeSeed<'de> for OneFeature<'_> {
    type Value = Cells;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Cells, D::Error> {
        input.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OneFeature<'_> {
    type Value = Cells;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a feature")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut part: A) -> Result<Cells, A::Error> {
        let (mut cells, mut point) = (Cells::new(), None);
        while let Some(name) = part.next_key::<String>()? {
            match name.as_str() {
                "properties" => cells = part.next_value_seed(Properties(self.0))?,
                "geometry" => point = part.next_value_seed(Part)?.point(),
                _ => drop(part.next_value::<IgnoredAny>()?),
            }
        }
        // What a provider writes into its own columns counts in every form it exports.
        let mut fill = |name: &str, degrees: String| {
            if !cells.keys().any(|own| own.eq_ignore_ascii_case(name)) {
                cells.insert(name.to_owned(), degrees);
            }
        };
        if let Some([longitude, latitude]) = point {
            fill("longitude", longitude);
            fill("latitude", latitude);
        }
        Ok(cells)
    }
}

/// Properties, or `null` where a feature has none.
struct Properties<'a>(&'a dyn Fn(&str) -> bool);

impl<'de> DeserializeSeed<'de> for Properties<'_> {
    type Value = Cells;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Cells, D::Error> {
        input.deserialize_any(OneRow(self.0))
    }
}

/// A part of a geometry, as far as a point needs it: of longer lists nothing is kept.
enum Found {
    Nothing,
    Number(String),
    Position(Vec<String>),
    Geometry {
        is_point: bool,
        position: Vec<String>,
    },
    Word(bool),
}

impl Found {
    fn point(self) -> Option<[String; 2]> {
        match self {
            Self::Geometry {
                is_point: true,
                position,
            } => {
                let mut numbers = position.into_iter();
                Some([numbers.next()?, numbers.next()?])
            }
            _ => None,
        }
    }
}

struct Part;

impl<'de> DeserializeSeed<'de> for Part {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Found, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a geometry")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut part: A) -> Result<Found, A::Error> {
        let (mut is_point, mut position) = (false, Vec::new());
        while let Some(name) = part.next_key::<String>()? {
            match (name.as_str(), part.next_value_seed(Self)?) {
                ("type", Found::Word(word)) => is_point = word,
                ("coordinates", Found::Position(numbers)) => position = numbers,
                _ => {}
            }
        }
        Ok(Found::Geometry { is_point, position })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut part: A) -> Result<Found, A::Error> {
        let (mut numbers, mut is_position) = (Vec::new(), true);
        while let Some(found) = part.next_element_seed(Self)? {
            match found {
                Found::Number(number) if numbers.len() < 2 => numbers.push(number),
                Found::Number(_) => {}
                _ => is_position = false,
            }
        }
        Ok(if is_position {
            Found::Position(numbers)
        } else {
            Found::Nothing
        })
    }

    fn visit_i64<E>(self, number: i64) -> Result<Found, E> {
        Ok(Found::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Found, E> {
        Ok(Found::Number(number.to_string()))
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Found, E> {
        if number.is_finite() {
            Ok(Found::Number(number.to_string()))
        } else {
            Err(E::custom("a number that is none"))
        }
    }

    fn visit_str<E>(self, word: &str) -> Result<Found, E> {
        Ok(Found::Word(word == "Point"))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Found, E> {
        Ok(Found::Nothing)
    }

    fn visit_unit<E>(self) -> Result<Found, E> {
        Ok(Found::Nothing)
    }
}
