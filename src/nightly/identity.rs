//! What a run is called, and what it says of itself before anything else.

use crate::base::Context;
use crate::base::digest;
use crate::publish::{self, RunHead};
use crate::sources;
use crate::tables::FileCount;

/// A run is a function of its inputs, of what is known of them, settings, as-of date and seed: its name
/// is their digest.
pub(super) struct Identity {
    pub(super) run_id: String,
    pub(super) digest: String,
    settings_digest: String,
}

impl Identity {
    pub(super) fn of(context: &Context, files: &[FileCount], known: &str) -> Self {
        let settings_digest = context.settings.digest();
        let as_of = context.as_of.to_string();
        let seed = context.seed.0.to_string();
        let version = env!("CARGO_PKG_VERSION");
        let head = [version, &settings_digest, &as_of, &seed, known];
        let inputs = files
            .iter()
            .flat_map(|file| [file.source.as_str(), file.digest.as_str()]);
        let digest = digest::of_parts(head.into_iter().chain(inputs).map(str::as_bytes));
        Self {
            run_id: format!("{as_of}-{}", &digest[..12]),
            digest,
            settings_digest,
        }
    }

    /// What `run.json` begins with.
    pub(super) fn head<'a>(&'a self, context: &'a Context) -> RunHead<'a> {
        let settings = &context.settings;
        let synthetic = settings.mission.synthetic;
        RunHead {
            schema_version: publish::SCHEMA_VERSION,
            notice: synthetic.then_some(publish::SYNTHETIC_NOTICE),
            run_id: &self.run_id,
            run_digest: &self.digest,
            mission: &settings.mission.name,
            synthetic,
            as_of: context.as_of.to_string(),
            seed: context.seed.0,
            settings,
            settings_digest: &self.settings_digest,
            versions: publish::VERSIONS.iter().copied().collect(),
            sources: sources::provenance(settings),
        }
    }
}
