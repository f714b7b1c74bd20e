//! The proof: whether the records of a stream are those that were appended, and where they are not.

use alloc::vec::Vec;
use core::{fmt, mem};

use super::{Digest, Link};
use crate::id::OrgId;
use crate::store::Stream;
use crate::version::Version;

/// One record as it lies in a store.
#[derive(Clone, Copy, Debug)]
pub struct KeptLine<'a> {
    /// The version that it makes.
    pub version: Version,
    /// What stands there now.
    pub text: &'a str,
    /// The digest of what was appended.
    pub digest: Digest,
    /// The link of the append, on the last of its records.
    pub link: Option<Link>,
    /// The digest of what was [put in its place](crate::store::Store::replace), where something was.
    pub replaced: Option<Digest>,
}

/// A snapshot as it lies in a store.
#[derive(Clone, Copy, Debug)]
pub struct KeptSnapshot<'a> {
    /// The version up to which it stands for the records.
    pub version: Version,
    /// What stands there now.
    pub text: &'a str,
    /// The digest of what was kept.
    pub digest: Digest,
}

/// Something in a stream that is not as it was appended.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Tampered {
    /// Of which organization.
    pub organization: OrgId,
    /// In which stream.
    pub stream: Stream,
    /// At which version.
    pub version: Version,
    /// What it is.
    pub what: Tampering,
}

/// What is not as it was appended.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Tampering {
    /// It was replaced, as [`replace`](crate::store::Store::replace) does: whoever did that can say why. Nothing else proves what stood there.
    Redacted,
    /// Its text is not the text of its digest.
    Text,
    /// The append that ends here is not the one that followed what is before it: digests were changed, or records were put in another order.
    Link,
    /// There is no such record.
    Missing,
    /// The stream says of itself that it ends elsewhere, or otherwise.
    Head,
    /// Its snapshot is not the text of its digest, or of another version, or stands for more than there is.
    Snapshot,
}

impl fmt::Display for Tampered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            Tampering::Redacted => "was replaced",
            Tampering::Text => "is not the text of its digest",
            Tampering::Link => "does not follow from what is before it",
            Tampering::Missing => "is missing",
            Tampering::Head => "is not the end that the stream names",
            Tampering::Snapshot => "has a snapshot that is not what was kept",
        };
        let Self { organization, stream, version, .. } = self;
        write!(f, "organization {organization}: {stream:?} version {version} {what}")
    }
}

/// The records of one stream, checked one after the other as they are read.
///
/// # Shape
/// Keeps the digests of one append and what was found; costs a SHA-256 of each text.
///
/// # Examples
/// ```
/// use bailiwick::store::Stream;
/// use bailiwick::store::json::{Digest, KeptLine, Link, Proof, Tampering};
/// use bailiwick::{OrgId, Version};
///
/// let digest = Digest::of("what was appended");
/// let link = Digest::of_all(&[digest]).link(Link::default());
/// let (version, replaced) = (Version::from_u64(1), None);
///
/// let mut proof = Proof::of(OrgId::from_u64(1).unwrap(), Stream::Organization);
/// proof.line(&KeptLine { version, text: "what stands there now", digest, link: Some(link), replaced });
/// let found = proof.end(Some((version, link)));
/// assert_eq!(found[0].what, Tampering::Text);
/// assert!(found[0].to_string().ends_with("Organization version 1 is not the text of its digest"));
/// ```
#[derive(Clone, Debug)]
pub struct Proof {
    organization: OrgId,
    stream: Stream,
    version: Version,
    link: Link,
    /// Of the records of the append that is not at its end.
    digests: Vec<Digest>,
    /// A record is missing in it, which was said: what it comes to cannot be told.
    is_torn: bool,
    /// For how much a snapshot stands that says so itself.
    snapshot: Option<Version>,
    found: Vec<Tampered>,
}

impl Proof {
    /// Of a stream from its first record on.
    #[must_use]
    pub const fn of(organization: OrgId, stream: Stream) -> Self {
        Self::after(organization, stream, Version::ZERO, Digest::from_bytes([0; 32]), Vec::new())
    }

    /// Of a stream whose first records were compacted away: up to which version, the link of the last append that is gone as a whole, and the
    /// digests of the records after that.
    #[must_use]
    pub const fn after(
        organization: OrgId,
        stream: Stream,
        version: Version,
        link: Link,
        digests: Vec<Digest>,
    ) -> Self {
        Self { organization, stream, version, link, digests, is_torn: false, snapshot: None, found: Vec::new() }
    }

    /// Takes the next record.
    pub fn line(&mut self, line: &KeptLine<'_>) {
        let expected = self.version.next();
        if line.version != expected {
            self.find(expected, Tampering::Missing);
            self.is_torn = true;
        }
        self.version = line.version;
        if line.replaced.is_some() {
            self.find(line.version, Tampering::Redacted);
        }
        if Digest::of(line.text) != line.replaced.unwrap_or(line.digest) {
            self.find(line.version, Tampering::Text);
        }
        self.digests.push(line.digest);
        let Some(link) = line.link else { return };
        let digests = mem::take(&mut self.digests);
        if !mem::take(&mut self.is_torn) && Digest::of_all(&digests).link(self.link) != link {
            self.find(line.version, Tampering::Link);
        }
        self.link = link; // what follows is judged by what it claims to follow, so that one change is one finding
    }

    /// Takes the snapshot that is kept of the stream.
    pub fn snapshot(&mut self, kept: &KeptSnapshot<'_>) {
        let says = serde_json::from_str::<SaysItsVersion>(kept.text).ok().map(|says| says.version);
        if Digest::of(kept.text) != kept.digest || says != Some(kept.version) {
            self.find(kept.version, Tampering::Snapshot);
        } else {
            self.snapshot = Some(kept.version);
        }
    }

    /// What was found, in order, where the stream says of itself that it ends there.
    #[must_use]
    pub fn end(mut self, head: Option<(Version, Link)>) -> Vec<Tampered> {
        let (version, link) = head.unwrap_or_default();
        if version > self.version {
            self.find(self.version.next(), Tampering::Missing);
        } else if (version, link) != (self.version, self.link) || !self.digests.is_empty() {
            self.find(self.version, Tampering::Head);
        }
        if let Some(beyond) = self.snapshot.filter(|snapshot| *snapshot > version) {
            self.find(beyond, Tampering::Snapshot);
        }
        self.found
    }

    fn find(&mut self, version: Version, what: Tampering) {
        self.found.push(Tampered { organization: self.organization, stream: self.stream, version, what });
    }
}

/// What a snapshot says of itself.
#[derive(serde::Deserialize)]
struct SaysItsVersion {
    version: Version,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three appends: of one record, of two, of one.
    fn kept() -> Vec<KeptLine<'static>> {
        let appends: [&[&'static str]; 3] = [&["a"], &["b", "c"], &["d"]];
        let (mut lines, mut link, mut version) = (Vec::new(), Link::default(), Version::ZERO);
        for texts in appends {
            let digests: Vec<Digest> = texts.iter().map(|text| Digest::of(text)).collect();
            link = Digest::of_all(&digests).link(link);
            for (at, text) in texts.iter().enumerate() {
                version = version.next();
                let link = texts.get(at.saturating_add(1)).is_none().then_some(link);
                lines.push(KeptLine { version, text, digest: digests[at], link, replaced: None });
            }
        }
        lines
    }

    fn found(lines: &[KeptLine<'_>]) -> Vec<(u64, Tampering)> {
        let head = kept().last().map(|last| (last.version, last.link.unwrap()));
        let mut proof = Proof::of(OrgId::from_u64(1).unwrap(), Stream::Ledger);
        lines.iter().for_each(|line| proof.line(line));
        proof.end(head).into_iter().map(|found| (found.version.as_u64(), found.what)).collect()
    }

    #[test]
    fn what_was_appended_is_proven() {
        assert_eq!(found(&kept()), []);
    }

    #[test]
    fn what_was_changed_is_found_where_it_is() {
        let changed = |change: &dyn Fn(&mut Vec<KeptLine<'static>>)| {
            let mut lines = kept();
            change(&mut lines);
            found(&lines)
        };
        assert_eq!(changed(&|lines| lines[1].text = "x"), [(2, Tampering::Text)]);
        assert_eq!(
            changed(&|lines| (lines[1].text, lines[1].digest) = ("x", Digest::of("x"))),
            [(3, Tampering::Link)],
            "the append ends with the next record"
        );
        for (gone, version) in [(0, 1), (1, 2), (2, 3), (3, 4)] {
            let found = changed(&|lines| {
                lines.remove(gone);
            });
            assert_eq!(found, [(version, Tampering::Missing)]);
        }
        let swapped = changed(&|lines| {
            let (one, two) = (lines[0].digest, lines[3].digest);
            ((lines[0].text, lines[3].text), (lines[0].digest, lines[3].digest)) = (("d", "a"), (two, one));
        });
        assert_eq!(swapped, [(1, Tampering::Link), (4, Tampering::Link)]);
        assert_eq!(
            changed(&|lines| (lines[1].text, lines[1].replaced) = ("", Some(Digest::of("")))),
            [(2, Tampering::Redacted)]
        );
        assert_eq!(changed(&|lines| lines[3].link = None), [(4, Tampering::Head)]);
    }

    #[test]
    fn a_snapshot_is_what_was_kept_and_stands_for_what_is_there() {
        let found = |version: u64, text: &'static str, digest: &str| {
            let mut proof = Proof::of(OrgId::from_u64(1).unwrap(), Stream::Ledger);
            let lines = kept();
            lines.iter().for_each(|line| proof.line(line));
            proof.snapshot(&KeptSnapshot { version: Version::from_u64(version), text, digest: Digest::of(digest) });
            let found = proof.end(lines.last().map(|last| (last.version, last.link.unwrap())));
            found.into_iter().map(|found| (found.version.as_u64(), found.what)).collect::<Vec<_>>()
        };
        let text = r#"{"version":3}"#;
        assert_eq!(found(3, text, text), []);
        assert_eq!(found(3, text, "another"), [(3, Tampering::Snapshot)]);
        assert_eq!(found(2, text, text), [(2, Tampering::Snapshot)], "kept as another version");
        assert_eq!(found(5, r#"{"version":5}"#, r#"{"version":5}"#), [(5, Tampering::Snapshot)], "beyond the end");
    }

    #[test]
    fn what_was_compacted_is_gone_on_from() {
        let lines = kept();
        let after = |digests| {
            let (of, stream) = (OrgId::from_u64(1).unwrap(), Stream::Ledger);
            let mut proof = Proof::after(of, stream, Version::from_u64(2), lines[0].link.unwrap(), digests);
            lines[2..].iter().for_each(|line| proof.line(line));
            proof.end(lines[3].link.map(|link| (lines[3].version, link)))
        };
        assert_eq!(after([lines[1].digest].into()), []); // through the middle of an append
        assert_eq!(after(Vec::new())[0].what, Tampering::Link);
    }
}
