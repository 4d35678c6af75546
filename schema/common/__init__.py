"""Types that every marketplace has: the access log, the policy, and figures."""
