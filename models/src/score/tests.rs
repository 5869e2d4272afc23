mod against_others;
mod edges;
mod places;
