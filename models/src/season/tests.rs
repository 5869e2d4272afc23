mod flow;
mod movable;
mod stl;
mod whether_a_season;
