mod cusum;
mod farrington;
mod tail;
