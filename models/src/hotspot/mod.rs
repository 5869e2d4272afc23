//! Where values run high together, and how many of such places to believe.

mod fdr;
mod getis_ord;

pub use fdr::{FdrError, benjamini_hochberg, benjamini_yekutieli};
pub use getis_ord::{LocalGError, general_g, local_g, local_g_star};

pub(crate) use getis_ord::check;
