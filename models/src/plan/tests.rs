//! Plans against their rules, against every plan there is, and against one who watches.

mod feasible;
mod known_answers;
mod observer;
mod sector;
