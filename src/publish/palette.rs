//! One table of colours for every format: web, print, QGIS, KML.
//!
//! Each scale runs from light to dark in one direction, so that it reads in grey and under colour blindness. Colour is never
//! alone: zones carry an outline and a number, and what is unknown is hatched, never coloured as if it were low.

/// A number cut into classes.
#[derive(Debug)]
pub(super) struct Scale {
    /// Letter of its style classes.
    pub letter: char,
    /// Message that names it.
    pub title: &'static str,
    /// Lower bounds of the second class and those after it.
    pub breaks: &'static [f64],
    /// One colour a class, `#rrggbb`.
    pub colours: &'static [&'static str],
}

/// Rate of incidents relative to the study area's mean.
pub(super) const RISK: Scale = Scale {
    letter: 'a',
    title: "theme-risk",
    breaks: &[0.5, 1.0, 2.0, 4.0, 8.0],
    colours: &[
        "#fff3e0", "#fdd9a6", "#f9b26b", "#ef7f3d", "#c9461f", "#7f1d10",
    ],
};

/// Probability that an incident is reported.
pub(super) const REPORTING: Scale = Scale {
    letter: 'b',
    title: "theme-reporting",
    breaks: &[0.1, 0.25, 0.5, 0.75],
    colours: &["#eef3fb", "#c3d7ee", "#86afd8", "#3f7cb8", "#12457c"],
};

/// Reports of one step.
pub(super) const REPORTS: Scale = Scale {
    letter: 'n',
    title: "theme-reports",
    breaks: &[1.0, 2.0, 3.0, 5.0, 10.0],
    colours: &[
        "#faf7f5", "#e3d3e6", "#c2a3cf", "#9a6fb3", "#6d3d8f", "#3d1360",
    ],
};

/// All of them, in the order of a legend.
pub(super) const SCALES: [&Scale; 3] = [&RISK, &REPORTING, &REPORTS];

/// Paper, and what nothing is known of; hatched where drawn.
pub(super) const UNKNOWN: &str = "#ffffff";
/// Lines of the hatch.
pub(super) const HATCH: &str = "#5c5c5c";
/// Outlines and discs of zones.
pub(super) const INK: &str = "#14110f";
/// Corridors, always dashed.
pub(super) const CORRIDOR: &str = "#4b2e83";
/// Rivers.
pub(super) const RIVER: &str = "#5b8db8";
/// Roads.
pub(super) const ROAD: &str = "#8a7f75";
/// Boundaries of areas.
pub(super) const BOUNDARY: &str = "#4f4a45";

impl Scale {
    /// The class of a value: 0 for the lowest. A value that is no number has none.
    pub(super) fn class(&self, value: Option<f64>) -> Option<usize> {
        let value = value.filter(|value| value.is_finite())?;
        Some(self.breaks.iter().filter(|&&at| value >= at).count())
    }

    /// Bounds of a class; open ends are missing.
    pub(super) fn bounds(&self, class: usize) -> (Option<f64>, Option<f64>) {
        let lower = class.checked_sub(1).and_then(|i| self.breaks.get(i));
        (lower.copied(), self.breaks.get(class).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linear(colour: &str) -> [f64; 3] {
        [1, 3, 5].map(|at| {
            let byte = u8::from_str_radix(&colour[at..at + 2], 16).unwrap();
            let part = f64::from(byte) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    fn times(matrix: [[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum())
    }

    /// CIE L*a*b*, D65.
    fn lab(rgb: [f64; 3]) -> [f64; 3] {
        let xyz = times(
            [
                [0.412_456, 0.357_576, 0.180_438],
                [0.212_673, 0.715_152, 0.072_175],
                [0.019_334, 0.119_192, 0.950_304],
            ],
            rgb,
        );
        let white = [0.950_47, 1.0, 1.088_83];
        let f = |i: usize| {
            let t = xyz[i].max(0.0) / white[i];
            if t > 0.008_856 {
                t.cbrt()
            } else {
                7.787 * t + 16.0 / 116.0
            }
        };
        [
            116.0 * f(1) - 16.0,
            500.0 * (f(0) - f(1)),
            200.0 * (f(1) - f(2)),
        ]
    }

    /// Eyes without one kind of cone, after Machado, Oliveira & Fernandes 2009, and whole ones.
    const EYES: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ];

    #[test]
    fn neighbouring_classes_differ_in_grey_and_for_every_eye() {
        for scale in SCALES {
            assert_eq!(scale.colours.len(), scale.breaks.len() + 1);
            for pair in scale.colours.windows(2) {
                let [light, dark] = [0, 1].map(|i| linear(pair[i]));
                assert!(
                    lab(light)[0] - lab(dark)[0] >= 7.0,
                    "{}: {pair:?} look alike in grey",
                    scale.title
                );
                for eye in EYES {
                    let [a, b] = [light, dark].map(|rgb| lab(times(eye, rgb)));
                    let far: f64 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
                    assert!(far.sqrt() >= 8.0, "{}: {pair:?} {far}", scale.title);
                }
            }
        }
    }

    #[test]
    fn no_class_is_green_and_unknown_has_no_colour() {
        for colour in SCALES.iter().flat_map(|scale| scale.colours) {
            let [red, green, blue] = linear(colour);
            assert!(green <= red.max(blue), "{colour} is green");
        }
        assert_eq!(UNKNOWN, "#ffffff");
        assert_eq!(RISK.class(None), None);
        assert_eq!(RISK.class(Some(f64::NAN)), None);
    }

    #[test]
    fn a_bound_belongs_to_the_class_above_it() {
        let classes: Vec<_> = [0.0, 0.49, 0.5, 7.9, 8.0, 1e9]
            .map(|value| RISK.class(Some(value)).unwrap())
            .into();
        assert_eq!(classes, [0, 0, 1, 4, 5, 5]);
        assert_eq!(RISK.bounds(0), (None, Some(0.5)));
        assert_eq!(RISK.bounds(5), (Some(8.0), None));
    }
}
