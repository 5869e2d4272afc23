//! Names of places that do not cover each other. No font is measured: a letter is taken as wide as the widest common one.

use geo::Coord;

use super::frame::Frame;
use crate::base::code::PlaceKind;
use crate::publish::TierTables;
use crate::tables::Place;

/// Zooms at which more names find room: a name has the first at which it does.
const ZOOMS: [u32; 5] = [1, 2, 4, 8, 16];

/// Pixels of the picture's longer side at zoom 1: a telephone's.
const PIXELS: f64 = 400.0;
const LETTER_PX: f64 = 6.5;
const LINE_PX: f64 = 14.0;
/// Half a disc of a zone.
const DISC_PX: f64 = 13.0;
/// Names beyond these help nobody.
const MOST: usize = 400;

/// A name with its place in the picture.
#[derive(Debug)]
pub(crate) struct Label<'a> {
    /// What is there.
    pub name: &'a str,
    /// Where.
    pub at: Coord<f64>,
    /// From which zoom on it has room.
    pub zoom: u32,
}

/// Left, top, right, bottom, in pixels.
type Box = [f64; 4];

fn meet(a: &Box, b: &Box) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// The names that find room, those of many people first. Where a base stands is nobody's label.
pub(crate) fn labels<'a>(
    tier: &TierTables<'a>,
    frame: &Frame,
    discs: &[Coord<f64>],
) -> Vec<Label<'a>> {
    let mut places: Vec<(&Place, Coord<f64>)> = tier
        .ground
        .places
        .rows()
        .iter()
        .filter(|place| place.kind != PlaceKind::Base)
        .map(|place| (place, frame.point(place.lon_deg, place.lat_deg)))
        .filter(|&(_, at)| frame.holds(at))
        .collect();
    places.sort_by(|(a, _), (b, _)| {
        (b.population, a.kind, &a.name).cmp(&(a.population, b.kind, &b.name))
    });
    places.truncate(MOST);
    let mut labels: Vec<Label<'a>> = Vec::new();
    for zoom in ZOOMS {
        let px = PIXELS * f64::from(zoom) / super::frame::SIDE;
        let disc = |at: &Coord<f64>| {
            let (x, y) = (at.x * px, at.y * px);
            [x - DISC_PX, y - DISC_PX, x + DISC_PX, y + DISC_PX]
        };
        let mut taken: Vec<Box> = discs.iter().map(disc).collect();
        taken.extend(labels.iter().map(|label| space(label.name, label.at, px)));
        places.retain(|&(place, at)| {
            let space = space(&place.name, at, px);
            let free = !taken.iter().any(|other| meet(other, &space));
            if free {
                taken.push(space);
                labels.push(Label {
                    name: &place.name,
                    at,
                    zoom,
                });
            }
            !free
        });
    }
    labels
}

/// The point, and the name at its right.
fn space(name: &str, at: Coord<f64>, px: f64) -> Box {
    let n = u32::try_from(name.chars().count()).unwrap_or(u32::MAX);
    let (x, y) = (at.x * px, at.y * px);
    let half = LINE_PX / 2.0;
    [
        x - 3.0,
        y - half,
        x + 6.0 + LETTER_PX * f64::from(n),
        y + half,
    ]
}
