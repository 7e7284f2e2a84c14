"""bridge.onvif: devices on the network, by ONVIF (over onveef): who is there, what they say of themselves, what they take.

Owns: `OnvifFinder` (CameraFinder), `OnvifControl` (DeviceControl), and the bounds of every question.
Never: asks another address than a private one (RFC 1918, RFC 3927, RFC 4193, loopback), follows a redirect, tries a password
that nobody typed, believes what a device says of its own host, keeps anything in a database.
Runs in: web; the jobs' process, for patrols and motion.
Invariants:
- A device is talked to on a thread of its own, so that one that sends a byte a minute holds no thread of the web. At most
  `MOST_AT_ONCE` are, and one that takes longer than it may is cut off: it keeps no place.
- An answer has a most of bytes; XML is read by defusedxml inside onveef.
- Nothing that a device does raises: each answer is a value with its words. A change is told as done only once it was read back.
"""

from luytre.bridge.onvif.asking import host_if_private
from luytre.bridge.onvif.control import OnvifControl
from luytre.bridge.onvif.finder import OnvifFinder

__all__ = ["OnvifControl", "OnvifFinder", "host_if_private"]
