//! Small multiples of shares over an effect, as SVG: told apart by colour, dash and mark, so that they can
//! be read without colours too.

use std::fmt::Write;

/// Size of a panel's field, and the space around it.
const WIDTH: f64 = 210.0;
const HEIGHT: f64 = 150.0;
const LEFT: f64 = 52.0;
const TOP: f64 = 44.0;
const GAP_X: f64 = 24.0;
const GAP_Y: f64 = 80.0;
const BOTTOM: f64 = 66.0;

/// How a line looks: a colour of Okabe and Ito, a dash, and a mark of four corners or fewer.
const STYLES: [(&str, &str, &str); 4] = [
    ("#0072B2", "6 3", "M-4 0L0 -4L4 0L0 4Z"),
    ("#D55E00", "2 2", "M-3.5 -3.5H3.5V3.5H-3.5Z"),
    ("#009E73", "9 3 2 3", "M0 -4.5L4.2 3.2H-4.2Z"),
    ("#000000", "", "M-3.5 -3.5L3.5 3.5M3.5 -3.5L-3.5 3.5"),
];

/// One field: two lines of title, and for each line its shares, one per effect.
#[derive(Debug)]
pub struct Panel {
    /// Above the field.
    pub titles: [&'static str; 2],
    /// Shares within 0..=1.
    pub lines: [Vec<f64>; 4],
}

/// Rows of panels over the same effects.
#[derive(Debug)]
pub struct Chart<'a> {
    /// What is shown, for who cannot see it.
    pub title: &'a str,
    /// What the lines are.
    pub names: [&'a str; 4],
    /// Ticks of the horizontal axis, ascending.
    pub effects: &'a [f64],
    /// Under the horizontal axis.
    pub effect: &'a str,
    /// Beside the vertical axis.
    pub share: &'a str,
    /// Row by row.
    pub rows: Vec<Vec<Panel>>,
}

impl Chart<'_> {
    /// The whole picture.
    #[must_use]
    pub fn svg(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = LEFT + of(columns) * (WIDTH + GAP_X);
        let height = TOP + of(self.rows.len()) * (HEIGHT + GAP_Y) - GAP_Y + BOTTOM;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
             font-family=\"sans-serif\" font-size=\"11\">\n<title>{}</title>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
            self.title
        );
        for (row, panels) in self.rows.iter().enumerate() {
            for (column, panel) in panels.iter().enumerate() {
                let x = LEFT + of(column) * (WIDTH + GAP_X);
                let y = TOP + of(row) * (HEIGHT + GAP_Y);
                let _ = writeln!(svg, "<g transform=\"translate({x} {y})\">");
                self.field(&mut svg, column == 0);
                let [title, below] = panel.titles;
                let _ = writeln!(
                    svg,
                    "<text y=\"-22\" font-weight=\"bold\">{title}</text><text y=\"-8\">{below}</text>"
                );
                for (style, shares) in STYLES.iter().zip(&panel.lines) {
                    self.line(&mut svg, *style, shares);
                }
                svg.push_str("</g>\n");
            }
        }
        self.legend(&mut svg, height - 14.0);
        svg.push_str("</svg>\n");
        svg
    }

    fn x(&self, effect: f64) -> f64 {
        let (low, high) = (1.0, self.effects.last().copied().unwrap_or(2.0));
        (effect - low) / (high - low) * WIDTH
    }

    fn field(&self, svg: &mut String, is_first: bool) {
        for quarter in 0..=4_u32 {
            let y = HEIGHT * (1.0 - f64::from(quarter) / 4.0);
            let colour = if quarter == 0 { "#333" } else { "#ddd" };
            let _ = writeln!(svg, "<path d=\"M0 {y}H{WIDTH}\" stroke=\"{colour}\"/>");
            if is_first {
                let _ = writeln!(
                    svg,
                    "<text x=\"-6\" y=\"{}\" text-anchor=\"end\">{}</text>",
                    y + 4.0,
                    25 * quarter
                );
            }
        }
        if is_first {
            let y = HEIGHT / 2.0;
            let _ = writeln!(
                svg,
                "<text transform=\"translate(-36 {y}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
                self.share
            );
        }
        for &effect in self.effects {
            let _ = writeln!(
                svg,
                "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{effect}</text>",
                self.x(effect),
                HEIGHT + 15.0
            );
        }
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            WIDTH / 2.0,
            HEIGHT + 30.0,
            self.effect
        );
    }

    fn line(&self, svg: &mut String, (colour, dash, mark): (&str, &str, &str), shares: &[f64]) {
        let at = |(&effect, share): (&f64, &f64)| {
            (
                self.x(effect),
                (HEIGHT * (1.0 - share) * 10.0).round() / 10.0,
            )
        };
        let points: Vec<(f64, f64)> = self.effects.iter().zip(shares).map(at).collect();
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.8\" \
             stroke-dasharray=\"{dash}\"/>",
            path.join(" ")
        );
        for (x, y) in points {
            let _ = writeln!(
                svg,
                "<path d=\"{mark}\" transform=\"translate({x} {y})\" fill=\"{colour}\" \
                 stroke=\"{colour}\" stroke-width=\"1.4\"/>"
            );
        }
    }

    fn legend(&self, svg: &mut String, y: f64) {
        for (i, (name, (colour, dash, mark))) in self.names.iter().zip(STYLES).enumerate() {
            let x = LEFT + 178.0 * of(i);
            let _ = writeln!(
                svg,
                "<path d=\"M{x} {y}h36\" stroke=\"{colour}\" stroke-width=\"1.8\" \
                 stroke-dasharray=\"{dash}\"/><path d=\"{mark}\" transform=\"translate({} {y})\" \
                 fill=\"{colour}\" stroke=\"{colour}\" stroke-width=\"1.4\"/>\
                 <text x=\"{}\" y=\"{}\">{name}</text>",
                x + 18.0,
                x + 44.0,
                y + 4.0
            );
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a handful of panels")]
fn of(n: usize) -> f64 {
    n as f64
}
