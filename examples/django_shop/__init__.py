"""A small Django shop with allauth and django-otp, whose staff work in it as its customers."""
