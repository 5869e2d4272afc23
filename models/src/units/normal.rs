use statrs::function::erf::{erfc, erfc_inv};

/// How likely a standard normal number is to lie as far from zero as `z`, on either side:
/// `erfc(|z| / sqrt 2)`. Dimensionless, within 0..=1; not a number where `z` is none.
///
/// ```
/// use forewarn_models::units::two_sided_p;
/// assert!((two_sided_p(-1.959_963_984_540_054) - 0.05).abs() < 1e-9);
/// ```
#[must_use]
pub fn two_sided_p(z: f64) -> f64 {
    erfc(z.abs() * std::f64::consts::FRAC_1_SQRT_2)
}

/// The `z > 0` that [`two_sided_p`] turns into `p`.
pub(crate) fn two_sided_z(p: f64) -> f64 {
    erfc_inv(p) * std::f64::consts::SQRT_2
}

/// How likely a standard normal number is to lie below `z`: `erfc(-z / sqrt 2) / 2`.
pub(crate) fn lower_tail(z: f64) -> f64 {
    0.5 * erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{close, number, reference};

    #[test]
    fn tails_agree_with_scipy_far_out() {
        for case in reference("mann_kendall")["normal"].as_array().unwrap() {
            let (z, p) = (number(&case["z"]), number(&case["p"]));
            close(two_sided_p(z) / p, 1.0, 1e-9);
            close(two_sided_p(-z) / p, 1.0, 1e-9);
        }
        close(two_sided_p(0.0), 1.0, 1e-15);
        close(two_sided_z(0.05), 1.959_963_984_540_054, 1e-9);
    }
}
