"""movement: owners of cameras (chủ camera): who offers one, what was agreed and signed, every use that was made of it.

Owns: offers of residents, the agreement's text and paper, signatures (sealed), owners' links, what opens eyes lent on alarm, the
account of uses. Never: opens footage, enforces (that is `registry.lending`), names to an owner who looked, keeps who declined.
Runs in: web, jobs (`erasing`). Invariants: design/movement.md; above all
- what is in force is what was signed, or less than that by the owner's word;
- a signature belongs to the exact text that was shown: another text is refused;
- what allows less takes effect at once, by one press.
"""
