"""What Lambda's images hold that a package may rely on: shared libraries, their versions, modules.

Sources, where no other is named beside a table:

- the lists of `/lib64` that brefphp/aws-lambda-layers keeps to know what it has to ship itself:
  `utils/lib-check/al2-x64.txt` (observed in Lambda), `utils/lib-check/libs-arm.txt` and
  `utils/lib-copy/libs-*.txt` at fbb8999 (images of Amazon Linux 2), `utils/lib-copy/libs-*.txt` at
  4a32a1c and 6a93a56 (images of Amazon Linux 2023);
- docker-library/repo-info, `repos/amazonlinux`, for the versions of the packages behind them.

A name is *certain* where all lists of an image have it, *uncertain* where some do: Lambda's own
images are rebuilt every few weeks, and nothing in them is promised but glibc and the SDK.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.bundle.target import Target

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """One of the systems that functions run in.

    Attributes:
        name: as AWS calls it.
        certain: sonames that are there.
        uncertain: sonames that were there in some builds of the image.
        newest: for each family of symbol versions (`GLIBC`, `GLIBCXX`, ...) the newest that every
            build of the image has.
        lately: the same for the newest builds, where that is more.
    """

    name: str
    certain: frozenset[str]
    uncertain: frozenset[str]
    newest: Mapping[str, Version]
    lately: Mapping[str, Version]


def _sonames(text: str) -> frozenset[str]:
    return frozenset(text.split())


_AMAZON_LINUX_2 = Image(
    name="Amazon Linux 2",
    certain=_sonames(
        """
        ld-linux-aarch64.so.1 ld-linux-x86-64.so.2 libBrokenLocale.so.1 libacl.so.1 libanl.so.1
        libattr.so.1 libbz2.so.1 libc.so.6 libcap.so.2 libcidn.so.1 libcom_err.so.2 libcrypt.so.1
        libcrypto.so.10 libcurl.so.4 libdb-5.3.so libdl.so.2 libelf.so.1 libffi.so.6 libform.so.6
        libformw.so.6 libfreebl3.so libfreeblpriv3.so libgcc_s.so.1 libgmp.so.10 libgmpxx.so.4
        libgssapi_krb5.so.2 libgssrpc.so.4 libhistory.so.6 libicudata.so.50 libicui18n.so.50
        libicuio.so.50 libicuuc.so.50 libidn2.so.0 libk5crypto.so.3 libkdb5.so.8 libkeyutils.so.1
        libkrad.so.0 libkrb5.so.3 libkrb5support.so.0 liblber-2.4.so.2 libldap-2.4.so.2
        libldap_r-2.4.so.2 liblua-5.1.so liblzma.so.5 libm.so.6 libmenu.so.6 libmenuw.so.6
        libncurses.so.6 libncursesw.so.6 libnghttp2.so.14 libnsl.so.1 libnspr4.so libnss3.so
        libnss_compat.so.2 libnss_dns.so.2 libnss_files.so.2 libnssutil3.so libp11-kit.so.0
        libpanel.so.6 libpanelw.so.6 libpcre.so.1 libpcre16.so.0 libpcre32.so.0 libpcrecpp.so.0
        libpcreposix.so.0 libplc4.so libplds4.so libpopt.so.0 libpthread.so.0 libreadline.so.6
        libresolv.so.2 librpm.so.3 librpmio.so.3 librt.so.1 libsasl2.so.3 libselinux.so.1
        libsepol.so.1 libslapi-2.4.so.2 libsmime3.so libsoftokn3.so libsqlite3.so.0 libssh2.so.1
        libssl.so.10 libssl3.so libstdc++.so.6 libtasn1.so.6 libthread_db.so.1 libtic.so.6
        libtinfo.so.6 libunistring.so.0 libutil.so.1 libuuid.so.1 libverto.so.1 libxml2.so.2
        libz.so.1
        """
    ),
    uncertain=_sonames(
        """
        libassuan.so.0 libblkid.so.1 libexpat.so.1 libfontconfig.so.1 libfreetype.so.6
        libgcrypt.so.11 libgdbm.so.4 libgdbm_compat.so.4 libgio-2.0.so.0 libglib-2.0.so.0
        libgmodule-2.0.so.0 libgobject-2.0.so.0 libgpg-error.so.0 libgpgme.so.11
        libgthread-2.0.so.0 libmagic.so.1 libmount.so.1 libmvec.so.1 libpng15.so.15 libpsl.so.5
        libpsx.so.2 libpth.so.20 libpython2.7.so.1.0
        """
    ),
    # glibc 2.26-64, libstdc++ and libgcc 7.3.1-18 (GCC 7), zlib 1.2.7.
    # Sources: docker-library/official-images#20651; which versions GCC 7 defines: "GCC libstdc++
    # manual, ABI policy and guidelines", "History", and libgcc's `libgcc-std.ver`.
    newest={
        "GLIBC": (2, 26),
        "GLIBCXX": (3, 4, 24),
        "CXXABI": (1, 3, 11),
        "GCC": (7, 0, 0),
        "ZLIB": (1, 2, 7),
    },
    lately={},
)

_AMAZON_LINUX_2023 = Image(
    name="Amazon Linux 2023",
    certain=_sonames(
        """
        ld-linux-aarch64.so.1 ld-linux-x86-64.so.2 libBrokenLocale.so.1 libacl.so.1 libanl.so.1
        libarchive.so.13 libassuan.so.0 libattr.so.1 libaudit.so.1 libauparse.so.0 libblkid.so.1
        libbz2.so.1 libc.so.6 libc_malloc_debug.so.0 libcap-ng.so.0 libcap.so.2 libcom_err.so.2
        libcrypto.so.3 libcurl.so.4 libdl.so.2 libdnf.so.2 libffi.so.8 libform.so.6 libformw.so.6
        libgcc_s.so.1 libgcrypt.so.20 libgio-2.0.so.0 libgirepository-1.0.so.1 libglib-2.0.so.0
        libgmodule-2.0.so.0 libgmp.so.10 libgobject-2.0.so.0 libgpg-error.so.0 libgpgme.so.11
        libgssapi_krb5.so.2 libgssrpc.so.4 libgthread-2.0.so.0 libhistory.so.8 libidn2.so.0
        libjson-c.so.5 libk5crypto.so.3 libkdb5.so.10 libkeyutils.so.1 libkrad.so.0 libkrb5.so.3
        libkrb5support.so.0 liblua-5.4.so liblz4.so.1 liblzma.so.5 libm.so.6 libmagic.so.1
        libmenu.so.6 libmenuw.so.6 libmodulemd.so.2 libmount.so.1 libmpfr.so.6 libncurses.so.6
        libncursesw.so.6 libnghttp2.so.14 libnpth.so.0 libnss_compat.so.2 libnss_dns.so.2
        libnss_files.so.2 libp11-kit.so.0 libpanel.so.6 libpanelw.so.6 libpcre2-8.so.0
        libpcre2-posix.so.3 libpeas-1.0.so.0 libpopt.so.0 libpsl.so.5 libpsx.so.2 libpthread.so.0
        libreadline.so.8 librepo.so.0 libresolv.so.2 librpm.so.9 librpmio.so.9 librt.so.1
        libselinux.so.1 libsepol.so.2 libsigsegv.so.2 libsmartcols.so.1 libsolv.so.1
        libsolvext.so.1 libsqlite3.so.0 libssl.so.3 libstdc++.so.6 libtasn1.so.6 libthread_db.so.1
        libtic.so.6 libtinfo.so.6 libunistring.so.2 libutil.so.1 libuuid.so.1 libverto.so.1
        libxml2.so.2 libyaml-0.so.2 libz.so.1 libzstd.so.1
        """
    ),
    # libmvec.so.1 belongs to glibc on x86_64 from the first, and on arm64 only from 2.38.
    uncertain=_sonames("libgirepository-2.0.so.0 liblua-5.3.so libmvec.so.1"),
    # glibc 2.34 (AL2023 user guide, "Core glibc"); libstdc++ 6.0.29 of GCC 11 in the first builds,
    # 6.0.33 of GCC 14 since 2025 (amazonlinux/container-images#132: images had it before Lambda);
    # zlib 1.2.11.
    newest={
        "GLIBC": (2, 34),
        "GLIBCXX": (3, 4, 29),
        "CXXABI": (1, 3, 13),
        "GCC": (7, 0, 0),
        "ZLIB": (1, 2, 11),
    },
    lately={"GLIBCXX": (3, 4, 33), "CXXABI": (1, 3, 15), "GCC": (14, 0, 0)},
)


def image_of(target: Target) -> Image:
    """Return the image that functions of *target* run in."""
    return _AMAZON_LINUX_2023 if target.glibc >= (2, 34) else _AMAZON_LINUX_2


def runtime_libraries(target: Target) -> frozenset[str]:
    """Return the sonames that the interpreter itself brings, in /var/lang/lib."""
    major, minor = target.python
    return frozenset((f"libpython{major}.{minor}.so.1.0", f"libpython{major}.so"))


# Of the standard library, and not in Lambda's images: their Python is built without Tk. Observed:
# aws/aws-lambda-base-images#70, aws-lambda-python-runtime-interface-client#90.
ABSENT_MODULES = frozenset(("_tkinter", "idlelib", "tkinter", "turtle", "turtledemo"))

# Modules beside the standard library, documented: "The Lambda Python runtimes include the AWS SDK
# for Python (Boto3) and its dependencies." Source: Lambda developer guide, "Working with .zip file
# archives for Python Lambda functions", "Runtime dependencies in Python".
SDK_MODULES = frozenset(("boto3", "botocore"))

# What the SDK needs, and what the runtime's own client is made of. They come and go with the SDK's
# versions. Sources: the requirements of botocore and boto3; observed in /var/runtime
# (aio-libs/aiobotocore#833); requirements/base.txt of aws-lambda-python-runtime-interface-client
# (`snapshot_restore_py` from Python 3.12 on).
SDK_DEPENDENCIES = frozenset(("s3transfer", "jmespath", "dateutil", "six", "urllib3"))
CLIENT_MODULES = frozenset(("awslambdaric", "simplejson", "runtime_client"))
SNAPSHOT_MODULES = frozenset(("snapshot_restore_py",))


def runtime_modules(target: Target) -> frozenset[str]:
    """Return the top-level modules that the runtime of *target* has beside the standard library."""
    modules = SDK_MODULES | SDK_DEPENDENCIES | CLIENT_MODULES
    return modules | SNAPSHOT_MODULES if target.python >= (3, 12) else modules
