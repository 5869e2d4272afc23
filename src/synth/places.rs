//! Real towns and villages at their approximate coordinates; everything said of them is invented.

use super::sectors::Point;
use super::text;
use crate::base::code::PlaceKind;

pub(super) const HEADER: &str = "name,kind,latitude,longitude,population,SYNTHETIC\n";

struct Site {
    name: &'static str,
    kind: PlaceKind,
    at: Point,
    population: Option<u32>,
}

const fn town(name: &'static str, lat_e4: i32, lon_e4: i32, population: u32) -> Site {
    let at = Point::new(lat_e4, lon_e4);
    Site {
        name,
        kind: PlaceKind::Settlement,
        at,
        population: Some(population),
    }
}

const fn site(kind: PlaceKind, name: &'static str, lat_e4: i32, lon_e4: i32) -> Site {
    Site {
        name,
        kind,
        at: Point::new(lat_e4, lon_e4),
        population: None,
    }
}

const SITES: [Site; 38] = [
    town("Bang", 74_795, 155_410, 2_000),
    town("Batangafo", 73_008, 182_833, 18_000),
    town("Bémal", 75_833, 166_333, 1_500),
    town("Bocaranga", 69_833, 156_500, 15_000),
    town("Boguila", 71_000, 169_333, 6_000),
    town("Bossangoa", 64_926, 174_552, 40_000),
    town("Bouca", 65_105, 182_733, 14_000),
    town("Bozoum", 63_172, 163_783, 25_000),
    town("Dékoa", 63_200, 190_800, 11_000),
    town("Kabo", 76_500, 186_167, 16_000),
    town("Kaga-Bandoro", 69_833, 191_833, 28_000),
    town("Kouki", 71_576, 173_097, 3_000),
    town("Markounda", 76_277, 169_638, 5_000),
    town("Moyenne-Sido", 82_245, 187_132, 7_000),
    town("Nana-Bakassa", 69_869, 172_823, 4_000),
    town("Ndim", 72_833, 157_667, 5_000),
    town("Ngaoundaye", 74_774, 156_049, 9_000),
    town("Ouandago", 72_167, 188_333, 4_000),
    town("Paoua", 72_439, 164_397, 30_000),
    town("Petite-Sido", 79_231, 186_904, 1_000),
    town("Taley", 66_745, 163_787, 2_000),
    site(
        PlaceKind::Market,
        "SYNTHETIC cattle market, Batangafo",
        73_060,
        182_910,
    ),
    site(
        PlaceKind::Market,
        "SYNTHETIC market, Bocaranga",
        69_870,
        156_560,
    ),
    site(
        PlaceKind::DisplacementSite,
        "SYNTHETIC displaced persons' site, Kaga-Bandoro",
        69_960,
        191_760,
    ),
    site(
        PlaceKind::Water,
        "SYNTHETIC water point, Kabo",
        76_620,
        186_010,
    ),
    site(
        PlaceKind::Water,
        "SYNTHETIC water point, Taley",
        66_830,
        163_900,
    ),
    site(
        PlaceKind::CountingPoint,
        "SYNTHETIC counting point, Bang",
        74_795,
        155_410,
    ),
    site(
        PlaceKind::CountingPoint,
        "SYNTHETIC counting point, Bémal",
        75_833,
        166_333,
    ),
    site(
        PlaceKind::CountingPoint,
        "SYNTHETIC counting point, Markounda",
        76_277,
        169_638,
    ),
    site(
        PlaceKind::CountingPoint,
        "SYNTHETIC counting point, Moyenne-Sido",
        82_245,
        187_132,
    ),
    site(
        PlaceKind::Base,
        "SYNTHETIC base, Batangafo",
        72_950,
        182_760,
    ),
    site(
        PlaceKind::Base,
        "SYNTHETIC base, Bocaranga",
        69_900,
        156_440,
    ),
    site(
        PlaceKind::Base,
        "SYNTHETIC base, Bossangoa",
        64_980,
        174_500,
    ),
    site(
        PlaceKind::Base,
        "SYNTHETIC base, Kaga-Bandoro",
        69_900,
        191_900,
    ),
    site(PlaceKind::Base, "SYNTHETIC base, Paoua", 72_490, 164_340),
    site(
        PlaceKind::Settlement,
        "SYNTHETIC fields, Nana-Bakassa",
        68_600,
        172_800,
    ),
    site(
        PlaceKind::Settlement,
        "SYNTHETIC fields, Bossangoa",
        65_200,
        171_600,
    ),
    site(
        PlaceKind::Settlement,
        "SYNTHETIC fields, Bocaranga",
        70_300,
        157_200,
    ),
];

/// Number of places.
pub(super) const PLACES: u64 = SITES.len() as u64;

/// Places of one kind, by name and point.
pub(super) fn of_kind(kind: PlaceKind) -> impl Iterator<Item = (&'static str, Point)> {
    SITES
        .iter()
        .filter(move |site| site.kind == kind)
        .map(|site| (site.name, site.at))
}

/// The settlement nearest to a point.
pub(super) fn nearest(point: Point) -> &'static str {
    let km = |(_, at): &(&str, Point)| at.km_to(point);
    of_kind(PlaceKind::Settlement)
        .filter(|(name, _)| !name.starts_with("SYNTHETIC"))
        .min_by(|a, b| km(a).total_cmp(&km(b)))
        .map_or("", |(name, _)| name)
}

/// The place file.
pub(super) fn rows(out: &mut Vec<u8>) {
    for Site {
        name,
        kind,
        at,
        population,
    } in &SITES
    {
        // Only names hold a comma.
        let quote: &[u8] = if name.contains(',') { b"\"" } else { b"" };
        for part in [
            quote,
            name.as_bytes(),
            quote,
            b",",
            kind.name().as_bytes(),
            b",",
        ] {
            out.extend_from_slice(part);
        }
        text::point(out, *at);
        out.push(b',');
        if let Some(population) = population {
            text::number(out, u64::from(*population), 1);
        }
        out.extend_from_slice(b",yes\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synth::sectors::Sector;

    #[test]
    fn places_lie_in_the_area_and_hold_two_markets_and_one_site() {
        assert!(SITES.iter().all(|site| Sector::of(site.at).is_some()));
        assert_eq!(of_kind(PlaceKind::Market).count(), 2);
        assert_eq!(of_kind(PlaceKind::DisplacementSite).count(), 1);
        assert!(of_kind(PlaceKind::CountingPoint).count() >= 3);
    }

    #[test]
    fn invented_places_say_so() {
        for site in SITES
            .iter()
            .filter(|site| site.kind != PlaceKind::Settlement)
        {
            assert!(site.name.starts_with("SYNTHETIC "), "{}", site.name);
        }
    }

    #[test]
    fn rows_have_the_headers_columns() {
        let mut out = HEADER.as_bytes().to_vec();
        rows(&mut out);
        let mut reader = csv::Reader::from_reader(out.as_slice());
        let read: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(read.len() as u64, PLACES);
        assert!(
            read.iter()
                .all(|row| &row[5] == "yes" && PlaceKind::from_name(&row[1]).is_some())
        );
    }
}
