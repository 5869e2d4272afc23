//! Lines over a common axis, as SVG.
