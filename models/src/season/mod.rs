//! What a cell would show if this year were like the others.

mod calendar;
mod expected;
mod residual;

pub use calendar::{Calendar, CalendarError, InvalidMonthDay, MonthDay, Phase};
pub use expected::{Basis, Expectation, ExpectedError, expected};
pub use residual::{pearson_residual, pearson_residuals};
