"""petitions: requests to see footage (đơn xin xem hình), from residents without an account and from other authorities.

Owns: petitions, their two clocks, what was decided and why, what was shown, the code's page, the scan of an authority's letter.
Never: opens footage, hands a raw copy to a resident, knows an address or a device of who asked. Runs in: web, jobs (erasing).
Invariants: design/requests.md.
"""
