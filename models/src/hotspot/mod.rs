//! Where values run high together, and how many of such places to believe.

mod cube;
mod emerging;
mod fdr;
mod getis_ord;
mod moran;
mod space_time;

pub use cube::{local_g_star_by_cell, local_g_star_of_steps};
pub use emerging::{
    Compat, EmergingClass, EmergingError, EmergingParams, Pattern, Spot, TrendTest, emerging_class,
    emerging_classes,
};
pub use fdr::{
    FdrError, benjamini_hochberg, benjamini_hochberg_of_steps, benjamini_yekutieli,
    level_of_selected,
};
pub use getis_ord::{LocalGError, general_g, local_g, local_g_star};
pub use moran::{
    LocalMoran, Moran, MoranError, Quadrant, Weighting, local_moran, moran, moran_p_value,
};
pub use space_time::{Comparator, Form, SpaceTimeError, SpaceTimeParams, space_time_g};

pub(crate) use getis_ord::check;
pub(crate) use space_time::Bins;
