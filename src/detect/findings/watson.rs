//! Watson's test: do reports prefer any times of the year, however many?

use forewarn_models::season::watson_u2;

use crate::base::error::Result;
use crate::tables::Finding;

use super::super::Input;
use super::Statistic;
use super::rayleigh::of_scopes;
use super::series::Material;
use super::told::Told;

/// Watson's U2.
#[derive(Debug)]
pub(super) struct Watson;

impl Statistic for Watson {
    fn name(&self) -> &'static str {
        "watson"
    }

    fn statistic(&self) -> &'static str {
        "Watson's U2"
    }

    fn find(&self, _input: &Input<'_>, material: &Material) -> Result<Vec<Finding>> {
        of_scopes(self, material, |angles| {
            let found = watson_u2(angles).map_err(|e| e.to_string())?;
            Ok(Told {
                value: Some(found.statistic),
                p: Some(found.p),
                words: "how far days of the year with reports are from even".to_owned(),
                parameters: vec![("alternative", "any times of the year".to_owned())],
                ..Told::default()
            })
        })
    }
}
