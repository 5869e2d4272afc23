mod background;
mod excitation;
mod near_repeat;
