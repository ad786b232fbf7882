//! The files that a rotation reads the new key from and writes it to.

use std::path::PathBuf;

use crate::{
    key_rotation_step::RotationStep,
    platform::{
        key_files::{beside, find_key, replace},
        key_ring::DerivedKeys,
        master_key::{MasterKey, MasterKeyError},
    },
    settings::Settings,
};

/// Where the new key is from, and whether it gets the place of the key file.
#[derive(Debug, Clone)]
pub struct RotationFiles {
    key_file: PathBuf,
    /// A file with the new key; `None` to generate one.
    given: Option<PathBuf>,
    /// Whether the process reads its key from `key_file`.
    replaces: bool,
}

impl RotationFiles {
    /// The files of these settings. `given` has the new key; without it, one is generated. The key file is replaced,
    /// unless the key is in the environment.
    #[must_use]
    pub fn of(settings: &Settings, given: Option<PathBuf>) -> Self {
        Self {
            key_file: settings.master_key_file(),
            given,
            replaces: settings.master_key.is_none(),
        }
    }

    /// Keeps the key file: the new key is put in its place by others.
    #[must_use]
    pub fn keep_file(self) -> Self {
        Self {
            replaces: false,
            ..self
        }
    }

    /// The file that has the new key when the rotation is finished.
    #[must_use]
    pub fn finished_file(&self) -> PathBuf {
        match (&self.given, self.replaces) {
            (_, true) => self.key_file.clone(),
            (Some(given), false) => given.clone(),
            (None, false) => self.new_file(),
        }
    }

    /// The file that the new key is written to, unless it is given and stays there.
    fn new_file(&self) -> PathBuf {
        beside(&self.key_file, "new")
    }

    /// Whether the new key must be in [`Self::new_file`].
    fn needs_new_file(&self) -> bool {
        self.replaces || self.given.is_none()
    }

    /// Checks that the given key is the new one of the rotation.
    pub(crate) fn check_given(&self, new: &str) -> Result<(), MasterKeyError> {
        let Some(path) = &self.given else {
            return Ok(());
        };
        // It may be the new file, which has replaced the key file.
        let Some(given) = find_key(path)? else {
            return Ok(());
        };
        let given = id_of(&given);
        if given == new {
            return Ok(());
        }
        Err(MasterKeyError::OtherRotation {
            path: path.clone(),
            given,
            new: new.to_owned(),
        })
    }

    /// The new key, and the file that was written for it now.
    pub(crate) fn new_key(
        &self,
        active: &str,
    ) -> Result<(MasterKey, Option<PathBuf>), MasterKeyError> {
        let (path, given) = match &self.given {
            Some(path) => (path.clone(), Some(MasterKey::read(path)?)),
            None => (self.new_file(), find_key(&self.new_file())?),
        };
        if let Some(given) = &given
            && id_of(given) == active
        {
            return Err(MasterKeyError::SameKey(path));
        }
        let key = given.unwrap_or_else(MasterKey::generate);
        let written = self.needs_new_file() && self.write(&key)?;
        Ok((key, written.then(|| self.new_file())))
    }

    /// Puts the new key into the key file; `None` when it is there, or the file is kept. Writes the new file again if it
    /// was lost.
    pub(crate) fn replace(&self, new: &MasterKey) -> Result<Option<RotationStep>, MasterKeyError> {
        if !self.replaces || MasterKey::read(&self.key_file)?.bytes() == new.bytes() {
            return Ok(None);
        }
        if self.write(new)? {
            return Ok(Some(RotationStep::KeyWritten(self.new_file())));
        }
        replace(&self.key_file, id_of)?;
        let kept = beside(&self.key_file, "old");
        Ok(Some(RotationStep::FileReplaced(kept)))
    }

    /// Writes the new key to its file. Returns `false` when it is there.
    fn write(&self, key: &MasterKey) -> Result<bool, MasterKeyError> {
        let path = self.new_file();
        match find_key(&path)? {
            None => key.write(&path).map(|()| true),
            Some(found) if found.bytes() == key.bytes() => Ok(false),
            Some(found) => Err(MasterKeyError::OtherNewFile {
                path,
                found: id_of(&found),
                new: id_of(key),
            }),
        }
    }
}

/// The id of a key.
fn id_of(key: &MasterKey) -> String {
    DerivedKeys::of(key).id().to_owned()
}
