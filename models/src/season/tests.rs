mod cells;
mod flow;
mod log_linear;
mod movable;
mod stl;
mod whether_a_season;
mod years;
