use statrs::function::gamma::{gamma_lr, ln_gamma};

/// Quantile of Gamma(shape, rate 1) for `0 < p < 1`: Newton steps on `u = ln x`, halving the
/// bracket wherever a step would leave it.
///
/// `P(X <= x) <= x^a / (a G(a))`, so the root of the right-hand side is a lower bound; below
/// e^-700 the two agree to the last digit.
pub(super) fn standard_gamma(shape: f64, p: f64) -> f64 {
    let ln_norm = ln_gamma(shape);
    let mut low = (p.ln() + ln_norm + shape.ln()) / shape;
    if low < -700.0 {
        return low.exp();
    }
    let mut high = low.max(shape.ln()) + 1.0;
    while gamma_lr(shape, high.exp()) < p {
        high += 1.0;
    }
    let mut u = low.max(high - 1.5);
    for _ in 0..200 {
        let x = u.exp();
        let excess = gamma_lr(shape, x) - p;
        if excess > 0.0 {
            high = u;
        } else {
            low = u;
        }
        let newton = u - excess / (shape * u - x - ln_norm).exp();
        let next = if newton > low && newton < high {
            newton
        } else {
            f64::midpoint(low, high)
        };
        let settled = (next - u).abs() <= 1e-15 * u.abs().max(1.0);
        u = next;
        if settled {
            break;
        }
    }
    u.exp()
}
