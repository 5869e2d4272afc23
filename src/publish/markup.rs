//! HTML, SVG, KML and styles are written through here, so that no text can become markup.

use std::borrow::Cow;
use std::fmt::Write as _;

use quick_xml::escape::escape;

/// A document that grows.
#[derive(Debug, Default)]
pub(super) struct Markup {
    out: String,
    open: Vec<&'static str>,
}

/// Name and value.
pub(super) type Attribute<'a> = (&'static str, &'a str);

impl Markup {
    /// Begins an element.
    pub(super) fn open(&mut self, name: &'static str, attributes: &[Attribute<'_>]) {
        self.tag(name, attributes);
        self.out.push('>');
        self.open.push(name);
    }

    /// Ends the element begun last.
    pub(super) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            let _ = write!(self.out, "</{name}>");
        }
    }

    /// An element with nothing in it, for XML, SVG and the void elements of HTML.
    pub(super) fn empty(&mut self, name: &'static str, attributes: &[Attribute<'_>]) {
        self.tag(name, attributes);
        self.out.push_str("/>");
    }

    /// An element with a text.
    pub(super) fn element(&mut self, name: &'static str, attributes: &[Attribute<'_>], text: &str) {
        self.open(name, attributes);
        self.text(text);
        self.close();
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) {
        self.out.push_str(&escape(plain(text)));
    }

    /// What is markup already: our own constants, and what another [`Markup`] wrote.
    pub(super) fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// The document, with what is still open ended.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn tag(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        let _ = write!(self.out, "<{name}");
        for (name, value) in attributes {
            let _ = write!(self.out, " {name}=\"{}\"", escape(plain(value)));
        }
    }
}

/// Without what no document may hold (control characters), and without what turns the order of what
/// is read around it (bidirectional overrides).
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
            || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}')
    };
    if text.contains(hidden) {
        text.replace(hidden, " ").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        let mut page = Markup::default();
        page.open("p", &[("title", "\" onload=\"x")]);
        page.text("</p><script>&\0\u{202e}");
        assert_eq!(
            page.finish(),
            "<p title=\"&quot; onload=&quot;x\">&lt;/p&gt;&lt;script&gt;&amp;  </p>"
        );
    }
}
