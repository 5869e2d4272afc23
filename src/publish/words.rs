//! What people read, in English and French. Machine output (codes, field names) is never translated.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::base::day::Day;
use crate::base::error::{Error, Result};

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lang {
    /// English.
    En,
    /// French.
    Fr,
}

impl Lang {
    /// ISO 639-1 code.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    const fn file(self) -> &'static str {
        match self {
            Self::En => include_str!("words/en.toml"),
            Self::Fr => include_str!("words/fr.toml"),
        }
    }
    /// Whether a count takes the form for one.
    const fn is_one(self, n: u64) -> bool {
        match self {
            Self::En => n == 1,
            Self::Fr => n < 2,
        }
    }
}

/// A text, or one for each form of the count `{n}`.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Message {
    Text(String),
    Forms { one: String, other: String },
}

/// What stands for `{name}` in a message.
pub(super) enum Argument<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A count, which as `n` chooses the form.
    Count(u64),
}

impl From<String> for Argument<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<u32> for Argument<'_> {
    fn from(n: u32) -> Self {
        Self::Count(n.into())
    }
}

/// The messages of one language.
#[derive(Debug)]
pub(super) struct Words {
    /// Which.
    pub lang: Lang,
    messages: BTreeMap<String, Message>,
}

impl Words {
    /// Reads them.
    ///
    /// # Errors
    /// Where a file of messages is no such file, which a test excludes.
    pub(super) fn of(lang: Lang) -> Result<Self> {
        let messages = toml::from_str(lang.file()).map_err(|error| Error::Statistic {
            stage: "publish: messages",
            reason: error.to_string(),
        })?;
        Ok(Self { lang, messages })
    }

    /// Both languages.
    ///
    /// # Errors
    /// As [`Words::of`].
    pub(super) fn both() -> Result<[Self; 2]> {
        Ok([Self::of(Lang::En)?, Self::of(Lang::Fr)?])
    }

    /// A message without arguments; its key where there is none, which a test excludes.
    pub(super) fn say(&self, key: &str) -> String {
        self.tell(key, &[])
    }

    /// A message that may not be there.
    pub(super) fn known(&self, key: &str) -> Option<String> {
        self.messages.get(key).map(|_| self.say(key))
    }

    /// A message with its arguments.
    pub(super) fn tell(&self, key: &str, arguments: &[(&str, Argument<'_>)]) -> String {
        let count = arguments
            .iter()
            .find_map(|(name, argument)| match argument {
                Argument::Count(n) if *name == "n" => Some(*n),
                _ => None,
            });
        let pattern = match self.messages.get(key) {
            None => key,
            Some(Message::Text(text)) => text,
            Some(Message::Forms { one, .. }) if count.is_some_and(|n| self.lang.is_one(n)) => one,
            Some(Message::Forms { other, .. }) => other,
        };
        let mut parts = pattern.split('{');
        let mut told = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap_or((part, ""));
            match arguments.iter().find(|(known, _)| *known == name) {
                Some((_, Argument::Text(text))) => told.push_str(text),
                Some((_, Argument::Count(n))) => told.push_str(&n.to_string()),
                None => {}
            }
            told.push_str(rest);
        }
        told
    }

    /// A number with the language's decimal sign.
    pub(super) fn number(&self, number: f64, decimals: usize) -> String {
        let text = format!("{number:.decimals$}");
        match self.lang {
            Lang::En => text,
            Lang::Fr => text.replace('.', ","),
        }
    }

    /// A day: `2 Feb 2025`, `2 févr. 2025`.
    pub(super) fn day(&self, day: Day) -> String {
        let date = day.date();
        let month = self.say(&format!("month-{}", date.month()));
        format!("{} {month} {}", date.day(), date.year())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Keys of a language, each with the arguments of each of its forms.
    fn arguments(lang: Lang) -> BTreeMap<String, Vec<BTreeSet<String>>> {
        let names = |text: &String| {
            let parts = text.split('{').skip(1);
            parts
                .map(|part| part.split('}').next().unwrap().to_owned())
                .collect()
        };
        let forms = |message| match message {
            Message::Text(text) => vec![names(&text)],
            Message::Forms { one, other } => vec![names(&one), names(&other)],
        };
        let messages = Words::of(lang).unwrap().messages;
        messages
            .into_iter()
            .map(|(key, message)| (key, forms(message)))
            .collect()
    }

    #[test]
    fn both_languages_have_the_same_keys_and_arguments() {
        let [english, french] = [Lang::En, Lang::Fr].map(arguments);
        assert!(english.len() > 50);
        assert_eq!(english, french);
    }

    #[test]
    fn arguments_are_told_as_they_are() {
        let words = Words::of(Lang::En).unwrap();
        let text = |text: &'static str| Argument::Text(text.into());
        let told = words.tell("window", &[("from", text("{to}")), ("to", text("<b>"))]);
        assert_eq!(told, "Reports of {to} to <b>");
    }

    #[test]
    fn every_message_that_is_asked_for_is_there() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/publish");
        let known = arguments(Lang::En);
        let mut n = 0;
        let mut folders = vec![folder];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                if path.extension().is_none_or(|ending| ending != "rs") {
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for call in ["say(\"", "tell(\"", "both(page, \"", "title: \""] {
                    for rest in text.split(call).skip(1) {
                        let key = rest.split('"').next().unwrap();
                        assert!(
                            known.contains_key(key),
                            "{}: no message {key}",
                            path.display()
                        );
                        n += 1;
                    }
                }
            }
        }
        assert!(n > 20, "{n} keys looked up");
    }

    #[test]
    fn plurals_days_and_numbers_follow_the_language() {
        let [english, french] = Words::both().unwrap();
        let cells = |words: &Words, n: u64| words.tell("n-cells", &[("n", Argument::Count(n))]);
        assert_eq!(cells(&english, 1), "1 cell");
        assert_eq!(cells(&english, 0), "0 cells");
        assert_eq!(cells(&french, 0), "0 maille");
        assert_eq!(cells(&french, 2), "2 mailles");
        assert_eq!(english.number(2.36, 1), "2.4");
        assert_eq!(french.number(2.36, 1), "2,4");
        let day = Day::from_ymd(2025, 2, 2).unwrap();
        assert_eq!(english.day(day), "2 Feb 2025");
        assert_eq!(french.day(day), "2 févr. 2025");
    }
}
