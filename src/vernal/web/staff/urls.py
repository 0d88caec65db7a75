from django.urls import path

from vernal.web.staff import views

urlpatterns = [
    path("site/staff/", views.site_staff, name="site_staff"),
    path("site/staff/add/", views.add_staff, name="add_staff"),
    path("site/staff/<uuid:user_id>/", views.staff_member, name="staff_member"),
    path("site/staff/<uuid:user_id>/link/", views.staff_link, name="staff_link"),
    path(
        "site/staff/<uuid:user_id>/second-step/",
        views.reset_second_factor,
        name="reset_second_factor",
    ),
    path("site/roles/<uuid:membership_id>/end/", views.end_role, name="end_role"),
    path("site/<uuid:site_id>/on-call/", views.on_call, name="on_call"),
    path("site/<uuid:site_id>/phone/", views.site_phone, name="site_phone"),
    path("site/audit/", views.site_audit, name="site_audit"),
    path("join/<str:token>/", views.join, name="join"),
]
