"""Samsyn: school, child health care, social services, care, hospital and police act as one around a child."""
