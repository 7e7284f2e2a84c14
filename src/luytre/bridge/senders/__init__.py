"""senders: the channels of `civic.dispatch.channels`: Web Push, e-mail, an SMS gateway, Zalo's Official Account.

Owns: what each provider wants to be asked, what its answers mean, its tokens. Never: decides who gets what, keeps an address,
follows a redirect, answers with more than an `Outcome`. Runs in: jobs, and web for the mail that confirms an address.
Invariants: design/dispatch.md, 1 and 7: only what surely did not arrive is "later", and a stranger's address leads to public
hosts alone.
"""
