"""A transparency log as its standards describe it: RFC 6962, RFC 9162 and C2SP. No word of ours."""
