"""devices: cameras as things with settings of their own: what was read of them, what was wished, who turns them.

Owns: `Device` (where a camera's ONVIF is, which device it was, a password on its way), `DeviceStep` (a chained row for each
wish and what came of it), `PtzHold`, `Preset`, `Patrol`, `MotionHour`; what makes a password weak and an address open to the
internet; the paths under which makers serve their pictures.
Never: speaks to a device itself (`bridge.onvif` fills the port `DeviceControl`, whoever calls hands it in); tries a password that
nobody typed; shows one.
Runs in: web; the jobs' process, for patrols and motion.
Invariants:
- A new password is kept, sealed, before the device is told it, and takes the old one's place only once the device let us in
  with it. Whatever breaks between, one of the two is the device's, and both are here (`passwords.settle`).
- A device that is not the one that was noted is told as such; its maker, model and serial are noted anew only when a person
  says so.
- One person turns a camera at a time, for 60 s since the last turn; a patrol waits while somebody does.
"""
