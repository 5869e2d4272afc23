use super::Form;
use crate::units::real;

/// Number, moments and extremes of the bins of a comparator.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    n: usize,
    sum: f64,
    squares: f64,
    /// The two lowest, ascending, and the two highest, descending.
    low: [f64; 2],
    high: [f64; 2],
}

impl Default for Level {
    fn default() -> Self {
        Self {
            n: 0,
            sum: 0.0,
            squares: 0.0,
            low: [f64::INFINITY; 2],
            high: [f64::NEG_INFINITY; 2],
        }
    }
}

impl Level {
    pub(super) fn with(self, x: f64) -> Self {
        Self {
            n: self.n + 1,
            sum: self.sum + x,
            squares: self.squares + x * x,
            low: [self.low[0].min(x), self.low[0].max(x).min(self.low[1])],
            high: [self.high[0].max(x), self.high[0].min(x).max(self.high[1])],
        }
    }

    pub(super) fn merged(self, other: Self) -> Self {
        let low = [
            self.low[0].min(other.low[0]),
            self.low[0]
                .max(other.low[0])
                .min(self.low[1].min(other.low[1])),
        ];
        let high = [
            self.high[0].max(other.high[0]),
            self.high[0]
                .min(other.high[0])
                .max(self.high[1].max(other.high[1])),
        ];
        Self {
            n: self.n + other.n,
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
            low,
            high,
        }
    }

    /// The bins but one. Of its extremes only the first is right, and that is all it needs.
    fn without(self, x: f64) -> Self {
        let low = if x <= self.low[0] {
            self.low[1]
        } else {
            self.low[0]
        };
        let high = if x >= self.high[0] {
            self.high[1]
        } else {
            self.high[0]
        };
        Self {
            n: self.n.saturating_sub(1),
            sum: self.sum - x,
            squares: self.squares - x * x,
            low: [low; 2],
            high: [high; 2],
        }
    }

    /// The score of a bin by the number and the sum of those around it, itself included.
    pub(super) fn score(self, own: f64, (weight, sum): (usize, f64), form: Form) -> Option<f64> {
        let (level, weight, sum) = match form {
            Form::Star => (self, weight, sum),
            Form::Plain => (self.without(own), weight - 1, sum - own),
        };
        if level.n < 2 || level.low[0] >= level.high[0] || weight == 0 || weight >= level.n {
            return None;
        }
        let (n, weight) = (real(level.n), real(weight));
        let mean = level.sum / n;
        let variance = level.squares / n - mean * mean;
        let spread = (variance * (n * weight - weight * weight) / (n - 1.0)).sqrt();
        (spread > 0.0).then(|| (sum - mean * weight) / spread)
    }
}
