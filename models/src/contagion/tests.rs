mod excitation;
mod near_repeat;
