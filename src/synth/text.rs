//! Numbers as text, straight into a buffer.

use super::sectors::Point;
use crate::base::day::Day;

/// Appends a whole number with at least `width` digits.
pub(super) fn number(line: &mut Vec<u8>, value: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let (mut left, mut start) = (value, digits.len());
    while left > 0 {
        start -= 1;
        digits[start] = b'0' + (left % 10) as u8;
        left /= 10;
    }
    line.extend_from_slice(&digits[start.min(digits.len() - width)..]);
}

/// Appends `YYYY-MM-DD`.
pub(super) fn day(line: &mut Vec<u8>, value: Day) {
    line.extend_from_slice(value.to_string().as_bytes());
}

/// Appends latitude, a comma and longitude, each with four decimals; both are positive here.
pub(super) fn point(line: &mut Vec<u8>, value: Point) {
    for (i, degrees_e4) in [value.lat_e4, value.lon_e4].into_iter().enumerate() {
        if i == 1 {
            line.push(b',');
        }
        let degrees_e4 = u64::from(degrees_e4.unsigned_abs());
        number(line, degrees_e4 / 10_000, 1);
        line.push(b'.');
        number(line, degrees_e4 % 10_000, 4);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_dates_and_points_are_written_as_they_are_read() {
        let mut line = Vec::new();
        number(&mut line, 0, 1);
        line.push(b' ');
        number(&mut line, 42, 6);
        line.push(b' ');
        number(&mut line, 1_234_567, 6);
        line.push(b' ');
        day(&mut line, Day::parse_iso("2024-02-29").unwrap());
        line.push(b' ');
        point(&mut line, Point::new(73_008, 180_005));
        assert_eq!(line, b"0 000042 1234567 2024-02-29 7.3008,18.0005");
    }
}
