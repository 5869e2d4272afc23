//! Population by administrative area: OCHA's common operational datasets (COD-PS).

use std::path::Path;

use crate::base::error::Result;
use crate::tables::{Intake, PopulationRow};

use super::pcodes::PcodeColumns;
use super::reader::{Class, Column, Fault, Format, Header, Row, file_name, read_table};
use super::{Head, Reading, Source};

/// All people of all ages, in both forms.
const TOTAL: &str = "T_TL";
const YEARS: std::ops::RangeInclusive<i64> = 1950..=2100;
const YEAR: &str = "a year, 1950..=2100";
/// Bands of age and sex are of no use here, and they are aggregates.
const LEFT_ASIDE: &[&str] = &["Age_range", "Age_min", "Age_max"];

/// The long form, one row per band of age and sex, of which the totals are taken, and the wide form,
/// one row per area, its year in the name of the file.
#[derive(Debug)]
pub(super) struct Population;

struct Columns {
    areas: PcodeColumns,
    persons: usize,
    form: Form,
}

enum Form {
    Long { group: usize, year: usize },
    Wide { year: Option<u32> },
}

impl Columns {
    fn of(header: &mut Header, file: &str) -> std::result::Result<Self, &'static str> {
        let codes: Vec<[String; 2]> = (0..=4)
            .map(|level| [format!("ADM{level}_PCODE"), format!("admin{level}Pcode")])
            .collect();
        let mut names: Vec<Vec<&str>> = codes
            .iter()
            .map(|codes| codes.iter().map(String::as_str).collect())
            .collect();
        names[0].push("ISO3");
        let names: Vec<&[&str]> = names.iter().map(Vec::as_slice).collect();
        let mut take = |name: &'static str| header.take(&[name]).ok_or(name);
        let (persons, form) = if let Ok(group) = take("Population_group") {
            let year = take("Reference_year")?;
            (take("Population")?, Form::Long { group, year })
        } else {
            let year = year_of(file);
            (take(TOTAL)?, Form::Wide { year })
        };
        Ok(Self {
            areas: PcodeColumns::of(header, &names),
            persons,
            form,
        })
    }
}

impl Source for Population {
    fn name(&self) -> &'static str {
        "population"
    }

    fn describe(&self) -> &'static str {
        "population per administrative area, COD-PS, long or wide"
    }

    fn is_published(&self) -> bool {
        true
    }

    fn recognises(&self, head: &Head) -> bool {
        let is_long = head.has(&["Population_group", "Population", "Reference_year"]);
        let is_wide = head.has(&[TOTAL]);
        let has_code = head.has(&["adm1_pcode"]) || head.has(&["admin1Pcode"]);
        head.is_table() && has_code && (is_long || is_wide)
    }

    fn read(&self, path: &Path, reading: &Reading<'_>, intake: &mut Intake) -> Result<()> {
        let format = Format {
            source: self.name(),
            left_aside: LEFT_ASIDE,
            reading,
        };
        let file = file_name(path);
        let columns = |header: &mut Header| Columns::of(header, &file);
        read_table(&format, path, intake, columns, take)
    }
}

/// The last number of four digits in a file's name that is a year.
fn year_of(file: &str) -> Option<u32> {
    let numbers = file.split(|c: char| !c.is_ascii_digit());
    let years = numbers.filter(|digits| digits.len() == 4);
    let mut years = years.filter_map(|digits| digits.parse::<u32>().ok());
    years.rfind(|&year| YEARS.contains(&year.into()))
}

fn take(columns: &Columns, row: &Row<'_>, intake: &mut Intake) -> std::result::Result<(), Fault> {
    let year = match columns.form {
        Form::Wide { year } => year,
        Form::Long { group, year } => {
            if !row.text(group)?.eq_ignore_ascii_case(TOTAL) {
                return Err(Fault::aside());
            }
            reference_year(row, year)?
        }
    };
    let (level, code) = columns.areas.finest(row)?;
    intake.population.push(PopulationRow {
        source: Population.name(),
        level: level.0,
        pcode: &code,
        year,
        persons: row.counted(columns.persons)?,
    });
    Ok(())
}

fn reference_year(row: &Row<'_>, at: usize) -> std::result::Result<Option<u32>, Fault> {
    let Some(year) = row.whole(at, YEAR)? else {
        return Ok(None);
    };
    let fault = Fault::new(Column::At(at), Class::OutOfRange, YEAR);
    let year = Some(year)
        .filter(|year| YEARS.contains(year))
        .ok_or(fault)?;
    u32::try_from(year).map(Some).map_err(|_out| fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_of_a_wide_file_is_in_its_name() {
        assert_eq!(year_of("CAF_admpop_adm2_2015.csv"), Some(2015));
        assert_eq!(year_of("caf_2015_projected_2024_v1.csv"), Some(2024));
        assert_eq!(year_of("population_20150101.csv"), None);
        assert_eq!(year_of("adm2_9999.csv"), None);
    }
}
